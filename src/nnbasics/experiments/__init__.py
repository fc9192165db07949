"""What lessons measure: a toy language, and models that learn its relations."""

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
    "QUESTIONS",
    "VOCABULARY",
    "LabelledSentences",
    "RelationModel",
    "ablation_matrix",
    "ablation_of_all_sets",
    "accuracy",
    "as_sentence",
    "attention_mass",
    "decode",
    "encode",
    "label",
    "roles_of_heads",
    "sample_questions",
    "sample_sentences",
    "train_relations",
]
