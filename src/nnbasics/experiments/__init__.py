"""What lessons measure: data, models that are trained on them, scores."""

from nnbasics.experiments.bits import (
    BitModel,
    train_bits,
    xor_with_the_bit_before,
)
from nnbasics.experiments.deep_stacks import (
    ORDERS,
    BlockStack,
    DepthRun,
    FeedForwardStack,
    train_stack,
)
from nnbasics.experiments.facts import (
    CAPITALS,
    FactModel,
    facts_that_hold,
    train_facts,
)
from nnbasics.experiments.induction import (
    InductionModel,
    Moment,
    head_scores,
    repeated_tokens,
    share_copied,
    train_induction,
)
from nnbasics.experiments.language_model import (
    LanguageModel,
    attend_to_kept,
    is_grammatical,
    sample_texts,
    text_loss,
    train_language,
)
from nnbasics.experiments.look_back import (
    SCHEMES,
    LookBackModel,
    accuracy_by_length,
    train_look_back,
)
from nnbasics.experiments.relation_model import RelationModel, train_relations
from nnbasics.experiments.specialisation import (
    ablation_matrix,
    ablation_of_all_sets,
    accuracy,
    attention_mass,
    roles_of_heads,
)
from nnbasics.experiments.toy_language import (
    QUESTIONS,
    VOCABULARY,
    LabelledSentences,
    as_sentence,
    decode,
    encode,
    label,
    sample_questions,
    sample_sentences,
)

__all__ = [
    "CAPITALS",
    "ORDERS",
    "QUESTIONS",
    "SCHEMES",
    "VOCABULARY",
    "BitModel",
    "BlockStack",
    "DepthRun",
    "FactModel",
    "FeedForwardStack",
    "InductionModel",
    "LabelledSentences",
    "LanguageModel",
    "LookBackModel",
    "Moment",
    "RelationModel",
    "ablation_matrix",
    "ablation_of_all_sets",
    "accuracy",
    "accuracy_by_length",
    "as_sentence",
    "attend_to_kept",
    "attention_mass",
    "decode",
    "encode",
    "facts_that_hold",
    "head_scores",
    "is_grammatical",
    "label",
    "repeated_tokens",
    "roles_of_heads",
    "sample_questions",
    "sample_sentences",
    "sample_texts",
    "share_copied",
    "text_loss",
    "train_bits",
    "train_facts",
    "train_induction",
    "train_language",
    "train_look_back",
    "train_relations",
    "train_stack",
    "xor_with_the_bit_before",
]
