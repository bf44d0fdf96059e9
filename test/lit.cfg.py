# The tests of cnnc: FileCheck on the compiler, small programs on the runtime,
# whole runs of the driver. `test/run.sh` builds what they need and calls lit.

import importlib.util
import os

import lit.formats

config.name = "cnnc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".cnn", ".mlir", ".cpp", ".c", ".test"]
config.excludes = ["CMakeLists.txt", "Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.cnnc_build, "test")

config.environment["PATH"] = os.pathsep.join(
    [os.path.join(config.cnnc_build, "bin"), config.llvm_tools, os.environ.get("PATH", "")]
)
config.environment["NO_COLOR"] = "1"
# One thread a test: lit runs as many tests as there are cores.
config.environment["LC_ALL"] = "C.UTF-8"

config.substitutions.append(("%{source}", config.cnnc_source))
config.substitutions.append(("%{build}", config.cnnc_build))
config.substitutions.append(("%{cc}", config.c_compiler))
config.substitutions.append(("%{python}", config.python))

# test/mutation runs the tests on a build that holds mistakes, of which these choose one. A
# function that fails is enough there.
for variable in ("CNNC_MUTANT", "CNNC_MUTANT_TRACE"):
    if variable in os.environ:
        config.environment[variable] = os.environ[variable]
        config.substitutions.append((r"\bcnn-gradcheck\b", "cnn-gradcheck --until-failure"))

# The mutation test finds its places by libclang, whose Python is not needed otherwise.
if importlib.util.find_spec("clang"):
    config.available_features.add("python-clang")

# MNIST and CIFAR-10 are not part of the project: the tests that read them are
# unsupported where CNNC_DATA does not name the folder that holds mnist/.
data = os.environ.get("CNNC_DATA", "")
if data and os.path.isdir(os.path.join(data, "mnist")):
    config.available_features.add("cnnc-data")
    config.environment["CNNC_DATA"] = os.path.abspath(data)
config.substitutions.append(("%{data}", os.path.abspath(data) if data else "/nonexistent"))
