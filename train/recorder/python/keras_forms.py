

# ---- Keras --------------------------------------------------------------------------------

import keras
from keras import ops

FRAMEWORK, BACKEND = "keras", keras.backend.backend()
if BACKEND == "tensorflow":
    import tensorflow as tf
elif BACKEND == "jax":
    import jax
elif BACKEND == "torch":
    import torch
VERSIONS = {"keras": keras.__version__, BACKEND: sys.modules[BACKEND].__version__,
            "onnx": onnx.__version__, "numpy": np.__version__}


def value_of(tensor):
    return tensor.value if isinstance(tensor, keras.Variable) else tensor


def to_numpy(tensor):
    return np.array(ops.convert_to_numpy(value_of(tensor)))


def hand_over(function, *tensors):
    """Calls function with NumPy arrays; under JAX also from inside a function that is differentiated."""
    if BACKEND == "jax":
        jax.debug.callback(lambda *arrays: function(*(np.array(a) for a in arrays)), *map(value_of, tensors))
    else:
        function(*map(to_numpy, tensors))


def loss_form(loss):
    """gonn's spelling of a loss, and whether its outputs are probabilities."""
    kind, config = type(loss), loss.get_config() if isinstance(loss, keras.losses.Loss) else None
    if config is None:
        raise Refused("the loss must be an object, such as keras.losses.SparseCategoricalCrossentropy(), and the one that compile or the loop got")
    if config.get("reduction", "sum_over_batch_size") != "sum_over_batch_size":
        raise Refused(f"{kind.__name__}(reduction={config['reduction']!r}) is not replayed; use 'sum_over_batch_size'")
    smoothing, logits = config.get("label_smoothing", 0), config.get("from_logits", False)
    if kind is keras.losses.SparseCategoricalCrossentropy and config.get("ignore_class") is None:
        return "cross-entropy", not logits
    if kind is keras.losses.CategoricalCrossentropy and config.get("axis", -1) == -1:
        return f"cross-entropy:{smoothing}" if smoothing else "cross-entropy", not logits
    if kind is keras.losses.BinaryCrossentropy and not smoothing:
        return "bce-logits" if logits else "bce", False
    if kind is keras.losses.Huber:
        return f"huber:{config['delta']}", False
    if kind is keras.losses.MeanSquaredError:
        return "mse", False
    raise Refused(f"{kind.__name__} with these settings is not replayed; gonn has the cross-entropies, BinaryCrossentropy, MeanSquaredError and Huber")


SLOTS = {  # of an optimizer's state: our name, Keras's attribute, the setting that brings it
    "sgd": [("momentum", "momentums", "momentum")],
    "adam": [("momentum", "_momentums", None), ("velocity", "_velocities", None)],
    "adamw": [("momentum", "_momentums", None), ("velocity", "_velocities", None)],
    "rmsprop": [("velocity", "_velocities", None), ("momentum", "_momentums", "momentum"), ("average_gradient", "_average_gradients", "centered")],
    "adagrad": [("accumulator", "_accumulators", None)],
}


def optimizer_form(optimizer):
    """Name and constants of an optimizer."""
    o = keras.optimizers
    names = {o.SGD: "sgd", o.Adam: "adam", o.AdamW: "adamw", o.RMSprop: "rmsprop", o.Adagrad: "adagrad"}
    own = type(optimizer).__module__.startswith("keras.")  # on PyTorch the class is one beneath the public one
    name = next((names[c] for c in type(optimizer).__mro__ if c in names), None) if own else None
    config = optimizer.get_config()
    if not name:
        raise Refused(f"{type(optimizer).__name__} is not replayed; gonn has SGD, Adam, AdamW, RMSprop and Adagrad")
    for off in ("amsgrad", "use_ema", "gradient_accumulation_steps", "loss_scale_factor"):
        if config.get(off):
            raise Refused(f"{type(optimizer).__name__}({off}={config[off]}) is not replayed")
    form = {"name": name, "class": type(optimizer).__name__}
    for key, ours in {"beta_1": "beta1", "beta_2": "beta2", "epsilon": "epsilon", "rho": "rho", "momentum": "momentum", "nesterov": "nesterov",
                      "centered": "centered", "initial_accumulator_value": "initial_accumulator"}.items():
        if config.get(key) or ours in ("beta1", "beta2", "epsilon", "rho", "initial_accumulator") and key in config:
            form[ours] = config[key] if isinstance(config[key], bool) else number(config[key])
    check_constants(form, name, *(("initial_accumulator",) if name == "adagrad" else ()))
    return form


BY_STEP = ()  # constants that may change from step to step


def settings_of(optimizer):
    """All settings of an optimizer that must stay as they are."""
    return {key: value for key, value in optimizer.get_config().items() if key not in ("name", "learning_rate")}
