"""Which models of the matrix the repository keeps, and which rows the smaller columns have."""

# The rows of the columns that differ in a version or an argument only.
FEW = ["study-prelu-channel-module", "residual-prelu-channel-module", "study-leaky-0.2-module", "study-prelu-element-where", "study-prelu-one-two-relus",
       "study-swish-module", "study-swish-beta-channel-sigmoid", "study-mish-module", "study-gelu-module", "study-gelu-tanh-module", "study-hardswish-module",
       "study-hardsigmoid-module", "study-softplus-module", "study-elu-module", "study-relu6-module", "study-relu6-clamp", "study-selu-module",
       "bn-bias-mish-module", "bn-after-prelu-channel-module", "mlp-bn-mish-module", "pads-prelu-channel-module", "same-prelu-channel-module",
       "depthwise-prelu-channel-module", "concat-prelu-channel-module", "squeeze-excite-prelu-channel-module", "dropout-prelu-channel-module",
       "avgpool-pads-prelu-channel-module", "maxpool-ceil-prelu-channel-module", "gap-mean-prelu-channel-module", "gmp-amax-prelu-channel-module",
       "flatten-view-size-prelu-channel-module", "flatten-squeeze-prelu-channel-module", "pad-F.pad-prelu-channel-module", "untrained-prelu-one-module",
       "logsoftmax-prelu-channel-module", "softmax-prelu-channel-module", "pair", "foreign-group-norm-prelu-channel-module"]

CHAINS = ["chain-leaky", "chain-prelu", "chain-swish", "chain-smooth", "chain-kinked"]

# Column → models.
COMMITTED = {
    "torch-dynamo": [*CHAINS, "pair", "pair-residual-prelu-channel-module", "untrained-prelu-one-module", "bn-after-prelu-channel-module",
                     "mlp-prelu-channel-module", "gap-mean-prelu-channel-module", "sequential-bn-prelu-channel-module"],
    "torch-dynamo-static": ["study-prelu-channel-module"],
    "torch-dynamo-raw": ["gap-mean-prelu-channel-module"],
    "torchscript": [*CHAINS, "pair-residual-prelu-channel-module", "untrained-prelu-one-module", "mlp-bn-mish-module", "avgpool-pads-prelu-channel-module",
                    "flatten-view-size-prelu-channel-module", "pad-F.pad-prelu-channel-module", "gmp-amax-prelu-channel-module"],
    "torchscript-static": ["flatten-view-size-prelu-channel-module"],
    "torchscript-opset9": ["pad-F.pad-prelu-channel-module", "study-relu6-module"],
    "torchscript-raw": ["bn-after-prelu-channel-module"],
    "keras-tf": [*CHAINS, "pair", "pair-residual-prelu-channel-module", "zeros-prelu-channel-module", "bn-bias-mish-module", "mlp-bn-mish-module",
                 "depthwise-prelu-channel-module", "squeeze-excite-prelu-channel-module", "flatten-act-prelu-element-module", "gap-flat-prelu-channel-module",
                 "study-gelu-activation"],
    "keras-tf-opset11": ["study-prelu-channel-module"],
    "keras-tf-nchw": ["study-prelu-channel-module"],
    "keras-jax": [*CHAINS, "pair-residual-prelu-channel-module", "maxpool-prelu-channel-module", "avgpool-same-prelu-channel-module", "up-prelu-channel-module",
                  "separable-prelu-channel-module"],
    "keras-torch": ["chain-prelu", "chain-smooth", "bn-mish-module"],
    "keras-torch-static": ["chain-prelu"],
}
