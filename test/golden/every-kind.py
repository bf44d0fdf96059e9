"""every-kind.py SOURCE FOLDER: each layer, loss and optimizer of the language has golden values in FOLDER."""

import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).parents[1] / "tools" / "Inputs"))
import arrays  # noqa: E402  (beside the tests of the driver)

# Their random numbers are the language's own.
RANDOM = {"dropout", "droppath"}


def kinds(frontend, file, kind):
    """The names that a table of the frontend gives to `kind`."""
    return set(re.findall(rf'\{{"(\w+)", \{{?{kind}::', (frontend / file).read_text(encoding="utf-8")))


def main(source, folder):
    frontend, folder = pathlib.Path(source) / "compiler" / "Frontend", pathlib.Path(folder)
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cnn")))
    trained = {name.partition("(")[0] for path in folder.glob("*.safetensors")
               for name in arrays.read_safetensors(path) if "(" in name}
    tables = {
        "layer": (kinds(frontend, "LayerTable.cpp", "LayerId") - RANDOM, set(re.findall(r"(?:->|[(|]) (\w+)", texts))),
        "loss": (kinds(frontend, "SemaLoss.cpp", "LossTerm"), set(re.findall(r"\b\d\.\d+\*(\w+)\(", texts))),
        "optimizer": (kinds(frontend, "SemaTrain.cpp", "Optimizer"), trained),
    }
    missing = [f"the {what} {name} has no golden values"
               for what, (wanted, there) in tables.items() for name in sorted(wanted - there)]
    counts = ", ".join(f"{len(wanted)} {what} kinds" for what, (wanted, _) in tables.items())
    print(*missing, f"{counts}, {len(missing)} missing", sep="\n")
    return 1 if missing or not all(wanted for wanted, _ in tables.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
