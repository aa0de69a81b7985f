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

COMMITTED = {}
