"""What Hypothesis draws for the tests of the layer, and PyTorch's own layer."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from attention_cases import LAYOUTS, SEEDS, SIZES, masks
from hypothesis import strategies as st
from torch import Tensor, nn

from nnbasics import MultiHeadAttention

PROJECTIONS = ("q_proj", "k_proj", "v_proj")


@dataclass(frozen=True)
class LayerCase:
    """A layer with random weights, and arguments for it."""

    layer: MultiHeadAttention
    query: Tensor
    key: Tensor
    value: Tensor
    mask: Tensor | None

    @property
    def weights_shape(self) -> tuple[int, int, int, int]:
        """The shape of the attention weights."""
        batch, q_len, _ = self.query.shape
        return batch, self.layer.num_heads, q_len, self.key.size(1)

    @property
    def full_mask(self) -> Tensor:
        """The mask in the shape of the weights; all True if there is none."""
        if self.mask is None:
            return torch.ones(self.weights_shape, dtype=torch.bool)
        # (batch, q_len, k_len) gets the dimension of the heads
        mask = self.mask.unsqueeze(1) if self.mask.dim() == 3 else self.mask
        return mask.expand(self.weights_shape)


@st.composite
def layers(draw: st.DrawFn, dtype: torch.dtype = torch.float64) -> MultiHeadAttention:
    """Draw a layer of any size, from one head of one number on."""
    num_heads = draw(st.integers(min_value=1, max_value=4))
    d_head = draw(st.integers(min_value=1, max_value=4))
    layer = random_layer(num_heads * d_head, num_heads, draw(SEEDS)).to(dtype)
    return layer.train(draw(st.booleans()))


def random_layer(d_model: int, num_heads: int, seed: int) -> MultiHeadAttention:
    """Make a layer with biases and weights near 1."""
    generator = torch.Generator().manual_seed(seed)
    layer = MultiHeadAttention(d_model, num_heads).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(generator=generator)
    return layer


@st.composite
def layer_masks(
    draw: st.DrawFn, weights_shape: tuple[int, int, int, int], empty: bool
) -> Tensor | None:
    """Draw a mask in one of the forms that the layer takes, any size of it 1."""
    batch, _, *lengths = weights_shape
    forms = {2: tuple(lengths), 3: (batch, *lengths), 4: weights_shape}
    shape = forms[draw(st.sampled_from(sorted(forms)))]
    shape = tuple(draw(st.sampled_from(sorted({1, size}))) for size in shape)
    mask = draw(masks(shape, rows_may_be_empty=empty))
    # The drawn mask broadcasts to the form; here the number of dimensions counts.
    return None if mask is None else mask.expand(shape)


@st.composite
def layer_cases(
    draw: st.DrawFn,
    dtype: torch.dtype = torch.float64,
    *,
    rows_may_be_empty: bool = False,
) -> LayerCase:
    """Draw a layer in either mode, inputs in any memory layout, and a mask."""
    layer = draw(layers(dtype))
    batch, q_len, k_len = (draw(SIZES) for _ in range(3))
    generator = torch.Generator().manual_seed(draw(SEEDS))

    def tensor(length: int) -> Tensor:
        shape = (batch, length, layer.d_model)
        x = torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)
        return LAYOUTS[draw(st.sampled_from(sorted(LAYOUTS)))](x)

    query, key, value = tensor(q_len), tensor(k_len), tensor(k_len)
    weights_shape = (batch, layer.num_heads, q_len, k_len)
    mask = draw(layer_masks(weights_shape, rows_may_be_empty))
    return LayerCase(layer, query, key, value, mask)


def as_torch_layer(ours: MultiHeadAttention) -> nn.MultiheadAttention:
    """Copy a layer's weights into PyTorch's layer, which stacks three projections."""
    theirs = nn.MultiheadAttention(
        ours.d_model,
        ours.num_heads,
        batch_first=True,
        dtype=ours.q_proj.weight.dtype,
    )
    layers = [ours.get_submodule(name) for name in PROJECTIONS]
    with torch.no_grad():
        theirs.in_proj_weight.copy_(
            torch.cat([x.get_parameter("weight") for x in layers])
        )
        theirs.in_proj_bias.copy_(torch.cat([x.get_parameter("bias") for x in layers]))
        theirs.out_proj.load_state_dict(ours.out_proj.state_dict())
    return theirs.train(ours.training)
