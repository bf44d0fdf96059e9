"""hostile-texts.py FOLDER GROUP [--program WORDS...]: gives `cnnc` texts that nobody means well.

GROUP: syntax, nets, expressions, blocks, files, good. Each text must end with an exit code from
1 to 4 and a message (those of `good` with 0), within 5 s and 1 GiB, in `check`, `check
--diagnostics=json` and, where the syntax is meant, `compile --emit=tokens` and `--emit=ast`
(there 0 is fine, too). The 5 s are the processor's. Prints the slowest and the largest.
"""

import os
import resource
import subprocess
import sys
import threading

# Of the processor; and until the watch says that it waits for something.
SECONDS, PATIENCE, MEMORY = 5, 60, 1 << 30
N = 100_000
BIG = 9223372036854775807


def net(chain, head="", shape="1, 8, 8", before=""):
    return f"{head}\nnet N {{ input x : [{shape}]\n{before}\n let y = x -> {chain}\n output y }}\n"


def chain(step, count):
    return " -> ".join([step] * count)


def lines(count, text):
    """`text` with the numbers 0 .. count-1 for @, and the ones before for #."""
    return "\n".join(text.replace("@", str(i)).replace("#", str(i - 1)) for i in range(count))


def syntax():
    nested = {
        "chain": ("[", "relu", "]"), "branches": ("(", "relu", ")"), "expression": ("conv((", "1", "), 3)"),
        "list": ("fc([", "1", "])"), "call": ("fc(max(", "1", "))"), "minus": ("fc(-", "1", ")"),
        "not": ("relu?(not ", "true", ")"), "if": ("if true then ", "relu", " else relu"),
        "else": ("if true then relu else ", "relu", ""), "value": ("fc(if true then ", "1", " else 2)"),
    }
    for name, (begin, middle, end) in nested.items():
        prefix, _, inner = begin.rpartition("(") if begin.endswith("(") else ("", "", begin)
        yield f"nested-{name}", net(prefix + "(" * bool(prefix) + (inner or "(") * N + middle + (end[:1] or " ") * N)
        yield f"open-{name}", net(begin * N)
    yield "line", net("relu -> " * (50_000_000 // 8) + "rleu")
    yield "line-of-one-name", "const a = " + "a" * 50_000_000
    yield "line-of-one-number", "const a = " + "1" * 50_000_000
    yield "line-of-blanks", " " * 50_000_000 + "}"
    yield "line-of-errors", "const a = " + "$ " * 25_000_000
    yield "empty-lines", "\n" * 60_000_000 + "}"
    yield "comment", "#" * 50_000_000
    yield "string", 'const a = "' + "a" * 50_000_000 + '" const b = -a'
    yield "escapes", 'const a = "' + "\\a" * N
    yield "nul", net("relu").replace("relu", "re\0lu")
    yield "only-nul", "\0" * N
    yield "utf-8", b"net N \xff\xfe { input x : [1] let y = x -> relu output y } # \xe2\x82"
    yield "continuation", b"const a = \"" + b"\x80" * 10_000_000
    yield "layers", net(chain("relu", 1_000_000))
    yield "terms", net(chain("a", 999_000))
    yield "statements", net("relu", before=lines(1_000_000, "const a@ = 1"))
    yield "lets", net("relu", before=lines(N, "let a@ = x -> relu"))
    yield "errors", lines(N, "const a@ = b@")
    yield "syntax-errors", "const = " * N
    yield "open-nets", "net N { " * N
    yield "brackets-after-errors", ") ] } ( [ { " * N
    yield "members", net("fc(x" + ".c" * N + ")")
    yield "sum", net("fc(" + "1+" * N + "1)")
    yield "product-of-powers", net("fc(" + "2*" * 500 + "2)")
    yield "long-name", net("n" * N)
    yield "long-net", "net " + "N" * N + " { }"
    yield "long-names", net("relu", before=lines(2000, "let a" + "b" * 5000 + "@ = x -> relu"))
    yield "parameters", "net N(" + ", ".join(f"a{i} = 1" for i in range(N)) + ") { input x : [1] output x }"
    yield "arguments", net("conv(" + "1, " * N + "1)")
    yield "named-arguments", net("conv(" + ", ".join(f"a{i}=1" for i in range(N)) + ")")
    yield "sizes", net("relu", shape=", ".join(["1"] * N))
    yield "blank-sizes", net("relu : [" + "_, " * N + "_]")
    yield "annotations", net("relu" + " @frozen" * N)
    yield "outputs", net("relu", before="output " + ", ".join(f"a{i}" for i in range(N)))
    yield "names", net("relu", before=lines(N, "const a@ = 1") + "\n output " + ", ".join(f"b{i}" for i in range(N)))
    yield "numbers", "const a = 1" + "e9" * N
    yield "exponent", "const a = 1e" + "9" * N


def nets():
    yield "repeat", net("[relu]*1000000000")
    yield "repeat-of-nothing", net("[id]*1000000000")
    yield "repeat-of-no-layer", net("[relu?(false)]*1000000000")
    yield "nested-repeats", net("[" * 60 + "id" + "]*99" * 60)
    yield "nested-empty-repeats", net("[" * 60 + "relu*0" + "]*99" * 60)
    yield "for", net("[relu] for i in 0..1000000000")
    yield "for-everything", net(f"[relu] for i in -{BIG}..{BIG}")
    yield "for-of-nothing", net("[[id] for j in 0..0] for i in 0..1000000000")
    yield "long-pattern", net("[relu] for (" + ", ".join(f"a{i}" for i in range(20_000)) + ") in l",
                              head="const a = [" + "1, " * 19_999 + "1]\nconst l = [" + "a, " * N + "a]")
    big = {
        "conv": f"conv({BIG}, 3)", "conv-kernel": f"conv(1, {BIG})", "conv-limit": "conv(2147483648, 1)",
        "pad": f"conv(1, 3, pad={BIG})", "pads": "conv(1, 3, pad=((2147483648, 2147483648), (0, 0)))",
        "dilation": "conv(1, 2147483648, dilation=2147483648)", "deconv": "deconv(1, 2147483648, stride=2147483648)",
        "upsample": f"upsample({BIG})", "upsample-twice": "upsample(32768) -> upsample(32768)",
        "reshape": f"reshape([{BIG}, {BIG}])", "pad-layer": "pad(2147483648) -> pad(2147483648)",
        "crop": f"crop({BIG})", "slice": f"slice(-{BIG}, {BIG})", "fc": "fc(2147483648)",
        "product": f"fc({BIG} * 2)", "sum": f"fc({BIG} + 1)", "quotient": f"fc((-{BIG} - 1) // -1)",
        "negation": f"fc(-(-{BIG} - 1))", "float": "fc(int(1e300))", "infinity": "lrelu(1e308 * 10 - 1e308 * 10)",
        "shuffle": f"shuffle({BIG})", "depth": f"depth_to_space({BIG})", "groups": f"conv(8, 1, groups={BIG})",
        "adaptive": f"avgpool(out=({BIG}, 1))", "parameters": chain("fc(2147483647)", 100),
        "annotation": f"relu : [{BIG}, 1, 1]", "rate": "fc(3) @lr(1e308 * 1e308 - 1e308 * 1e308)",
    }
    for name, step in big.items():
        yield f"big-{name}", net(step)
    yield "big-input", net("relu", shape=f"{BIG}, {BIG}, {BIG}")
    yield "big-input-limit", net("conv(2, 3)", shape="1, 2147483647, 2")
    yield "wide-pools", net("[maxpool(511, stride=1, pad=255) -> maxpool(255, stride=1, pad=254, dilation=2)]*60000")
    branches = "(" + " | ".join(["id"] * N) + ")"
    yield "branches", net(branches)
    yield "carried-branches", net(branches + " -> relu?(false)" * N)
    yield "unequal-branches", net("(" + " | ".join(["id"] * N) + " | fc(3)) -> add")
    yield "broadcast-branches", net("(" + " | ".join(["gavgpool"] * N) + " | fc(3)) -> mul")
    yield "concat", net("[(" + " | ".join(["id"] * 1000) + ") -> concat]*100000")
    yield "targets", net("fc(3)") + "train N { " + lines(N, "target a@ : [3]") + " loss = mse(y, a0) }"
    yield "entries", net("fc(3)") + "train N { " + lines(N, "a@ = 1") + "}"
    yield "metrics", net("fc(3)") + "train N { target a : class(3) loss = xent(y, a) metric = [" \
        + "accuracy(y, b), " * N + "1] }"
    yield "milestones", net("fc(3)") + "train N { target a : class(3) loss = xent(y, a) sched = step(at=[" \
        + "1, " * N + "1]) }"
    yield "nets", lines(N, "net N { input x : [1] output x }")
    yield "many-nets", lines(20_000, "net N@ { input x : [1] }")
    yield "defaults", lines(N, "default conv(3, 3)") + net("conv(k=0)")


def expressions():
    yield "doubling-list", lines(60, "const a@ = [a#, a#]").replace("[a-1, a-1]", "[1, 1]") + net("fc(a59)")
    yield "doubling-tuple", lines(300, "const a@ = (a#, a#)").replace("(a-1, a-1)", "(1, 1)") + net("fc(a299)")
    yield "doubling-number", lines(100, "const a@ = a# * a#").replace("a-1 * a-1", "3")
    yield "long-list", "const a = [" + "1, " * 900_000 + "b]"
    yield "strings", 'const s = "' + "a" * 10_000_000 + '"' + net("[relu?(s == s)]*100000")
    yield "string-default", 'const s = "' + "a" * 1_000_000 + '"\nblock b(t = s) { in -> relu }' + net("[b]*99999")
    yield "string-list", 'const s = "' + "a" * 1_000_000 + '"\nconst l = [' + "s, " * N + "1]" + net("fc(l)")
    yield "maximum", "const l = [" + "1, " * 499_999 + "1]" + net("[relu?(max(l) == 2) -> id]*99999 -> fc(0)")
    yield "assertion", net("relu", before='assert false, "' + "a" * 1_000_000 + '"')
    yield "types", net("relu", before="assert " + " + ".join(['"a"'] * 500))
    yield "modulo", net("fc(1 % 0)") + net("fc(1.0 % 0)").replace("net N", "net M")
    yield "unknown", net("relu", before=lines(N, "const a@ = 1") + lines(N, "assert aa@ == 1"))


def blocks():
    yield "itself", "block a { in -> a }" + net("a")
    yield "each-other", "block a { in -> b } block b { in -> c } block c { in -> a }" + net("a")
    yield "in-a-branch", "block a { in -> (relu | [if true then a else relu]*3) -> add }" + net("a")
    yield "shared-itself", net("f", before="layer f = [relu -> f]")
    yield "shared-each-other", net("f", before="layer g = [f] layer f = [g]")
    yield "chain-of-blocks", "block b0 { in -> relu }\n" + lines(10_000, "block b@ { in -> b# }")[len("block b0 { in -> b-1 }"):] \
        + net("b9999")
    yield "doubling", "block b0 { in -> relu -> relu }" + lines(60, "block b@ { in -> b# -> b# }")[len("block b0 { in -> b-1 -> b-1 }"):] \
        + net("b59")
    yield "doubling-nothing", "block b0 { in -> id }" + lines(60, "block b@ { in -> b# -> b# }")[len("block b0 { in -> b-1 -> b-1 }"):] \
        + net("b59")
    yield "branching", "block b0 { in -> relu }" + lines(60, "block b@ { in -> (b# | b#) -> add }")[len("block b0 { in -> (b-1 | b-1) -> add }"):] \
        + net("b59")
    yield "deep-names", "block " + "a" * 250 + "0 { in -> relu }\n" \
        + lines(99, "block " + "a" * 250 + "@ { in -> [" + "a" * 250 + "#]*2 }").replace("0 { in -> [" + "a" * 250 + "-1]*2 }", "x { in }") \
        + net("a" * 250 + "60")
    yield "error-in-a-block", "block b { in -> rleu }" + net("relu", before=lines(N, "let a@ = x -> b"))
    yield "size-in-a-block", "block b { in -> conv(3, 7, stride=3) }" + net("relu", before=lines(N, "let a@ = x -> b"))
    yield "names-in-a-block", "block b { let (" + ", ".join(f"a{i}" for i in range(N)) + ") = rleu in }" \
        + net("relu", before=lines(10_000, "let c@ = x -> b"))
    yield "errors-in-a-block", "block b { " + lines(N, "const a@ = c@") + " in }" + net("[b]*99999")
    yield "contract", "block b : (" + ", ".join(["[_, _, _]"] * N) + ") -> [_] { in }" + net("[b]*99999")
    yield "defaults-in-blocks", "".join(f"default {layer}(bias=false)\n" for layer in ("conv", "fc", "deconv", "dwconv")) \
        + lines(N, "block b@ { in }") + net("rleu")
    yield "shared-layers", net("rleu", before=lines(N, "layer f@ = relu"), head="default conv(3, 3) default bn(eps=1)")
    yield "uses-of-parameters", "block b(" + ", ".join(f"a{i} = 1" for i in range(256)) + ") { in -> relu }" + net("[b]*99999")


def good():
    yield "deep", net("[" * 50 + "relu" + "]" * 50)
    yield "line-of-warnings", net(" -> ".join(f"relu as a{i}" for i in range(99_000)))
    yield "many-layers", net(chain("conv(8, 3, pad=1)", 10_000))
    yield "long-text", "#" * 60_000_000 + "\n" + net("relu")
    yield "many-lines", "\n" * 60_000_000 + net("relu")


def write(folder, name, text):
    path = os.path.join(folder, name + ".cnn")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def files(folder):
    """(name, what is said, path): texts that import strangely, or are strange files themselves."""
    def text(name, *imports):
        return write(folder, name, "".join(f'import "{path}"\n' for path in imports) + net("relu"))

    yield "import-itself", "E405", text("itself", "itself.cnn")
    text("b", "c.cnn"), text("c", "a.cnn")
    yield "import-cycle", "E405", text("a", "b.cnn")
    os.symlink("link-cycle.cnn", os.path.join(folder, "link.cnn"))
    yield "import-cycle-by-link", "E405", text("link-cycle", "link.cnn")
    os.symlink("loop.cnn", os.path.join(folder, "loop.cnn"))
    yield "import-link-loop", "E406", text("link-loop", "loop.cnn")
    text("sub/inner", "../outside.cnn")
    text("outside")
    yield "import-above", "E406", os.path.join(folder, "sub/inner.cnn")
    yield "import-absolute", "E406", text("absolute", os.path.join(folder, "outside.cnn"))
    os.symlink("../outside.cnn", os.path.join(folder, "sub/out.cnn"))
    yield "import-link-out", "E406", text("sub/link-out", "out.cnn")
    yield "import-sub-above", "E406", text("sub/twice", "./x/../../outside.cnn")
    yield "import-folder", "E406", text("folder", "sub")
    os.mkfifo(os.path.join(folder, "pipe.cnn"))
    yield "import-pipe", "E406", text("of-pipe", "pipe.cnn")
    os.symlink("/dev/zero", os.path.join(folder, "zero.cnn"))
    yield "import-device", "E406", text("device", "zero.cnn")
    yield "import-device-by-path", "E406", text("device-by-path", "/dev/zero")
    yield "import-missing", "E406", text("missing", "not-there.cnn")
    yield "import-empty-name", "E406", text("empty-name", "")
    yield "import-nul", "E004", text("nul-name", "a\0b.cnn")
    yield "import-long-name", "E406", text("long-import", "a" * N)
    for i in range(1100):
        write(folder, f"m{i}", f"const a{i} = {i}\n")
    yield "import-many", "E403", text("many", *(f"m{i}.cnn" for i in range(1100)))
    write(folder, "again1", "#" * 1_000_000)
    yield "import-again", "E403", text("again", *["again1.cnn"] * 20_000)
    for i in range(300):  # twelve texts a level, each imports all of the next
        level = i // 12 * 12
        write(folder, f"d{i}", "".join(f'import "d{j}.cnn"\n' for j in range(level + 12, min(level + 24, 300)))
              + lines(500, f"const a{i}_@ = 1"))
    yield "import-dense", "E402", text("dense", "d0.cnn")
    for i in range(60):
        write(folder, f"e{i}", f'import "e{i + 1}.cnn"\n')
    yield "import-deep", "E403", text("deep", "e0.cnn")
    for i in range(20):
        write(folder, f"t{i}", "block b%d { %s }" % (i, chain("in", 200_000)))
    yield "import-tokens", "E009", text("tokens", *(f"t{i}.cnn" for i in range(20)))
    large = write(folder, "large", "")
    os.truncate(large, 1 << 40)
    yield "import-large", "E406", text("of-large", "large.cnn")
    yield "large", "67108864", large
    yield "device", "67108864", "/dev/zero"
    yield "null", "E007", "/dev/null"
    yield "folder", "a directory", folder
    yield "missing", "No such file", os.path.join(folder, "not-there.cnn")
    yield "long-path", "too long", "a" * N
    secret = text("secret")
    os.chmod(secret, 0)
    if os.geteuid() != 0:  # root may read everything
        yield "unreadable", "denied", secret
        yield "import-unreadable", "E406", text("of-secret", "secret.cnn")


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Runner:
    def __init__(self, program):
        self.program, self.bad = program, []
        self.slowest, self.largest = (0.0, ""), (0, "")

    def run(self, name, words, allowed, said="", stdin=subprocess.DEVNULL):
        # The peak of this one child: wait4 tells it apart from the others.
        child = subprocess.Popen([*self.program, *words], stdin=stdin, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, preexec_fn=limit)
        timer = threading.Timer(PATIENCE, child.kill)
        timer.start()
        message = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        child.stderr.close()
        seconds = usage.ru_utime + usage.ru_stime
        self.slowest = max(self.slowest, (seconds, f"{name} ({' '.join(words[:2])})"))
        self.largest = max(self.largest, (usage.ru_maxrss, f"{name} ({' '.join(words[:2])})"))
        if child.returncode not in allowed or (child.returncode and not message) or said.encode() not in message:
            self.bad.append(f"{name}: {words[0]}: exit {child.returncode}: {message[-300:].decode(errors='replace')}")
        elif len(message) > (1 << 20) and name != "line-of-warnings":
            self.bad.append(f"{name}: {words[0]}: a message of {len(message)} bytes")

    def text(self, name, path, allowed, said=""):
        self.run(name, ["check", path], allowed, said)
        self.run(name, ["check", "--diagnostics=json", path], allowed, said)

    def report(self):
        print(f"slowest: {self.slowest[0]:.2f} s: {self.slowest[1]}")
        print(f"largest: {self.largest[0] >> 10} MiB: {self.largest[1]}")
        print("\n".join(self.bad))
        return 1 if self.bad else 0


def strange_streams(runner, folder):
    """A pipe, the standard input, and a file that changes while it is read."""
    pipe = os.path.join(folder, "stream.cnn")
    os.mkfifo(pipe)

    def feed(path, data):
        try:
            with open(path, "wb") as file:
                for _ in range(2000):
                    file.write(data)
        except BrokenPipeError:
            pass

    writer = threading.Thread(target=feed, args=(pipe, b"#" * (1 << 16)))
    writer.start()
    runner.run("pipe-without-end", ["check", pipe], {1, 2, 3, 4}, "67108864")
    writer.join()
    with open("/dev/zero", "rb") as zeros:
        runner.run("standard-input", ["check", "-"], {1, 2, 3, 4}, "67108864", stdin=zeros)
    path = write(folder, "changing", net("relu"))
    done = threading.Event()

    def change():
        large = net("relu").encode() + b"#" * (8 << 20)
        while not done.is_set():
            with open(path, "wb") as file:
                file.write(large)
            os.truncate(path, 10)

    writer = threading.Thread(target=change)
    writer.start()
    importer = write(folder, "importer", 'import "changing.cnn"\n' + net("relu"))
    for _ in range(20):
        runner.run("changing", ["check", path], {0, 1, 2, 3, 4})
        runner.run("import-changing", ["check", importer], {0, 1, 2, 3, 4})
    done.set()
    writer.join()


def main(folder, group, program):
    runner = Runner(program)
    if group == "files":
        for name, said, path in files(folder):
            runner.text(name, path, {1, 2, 3, 4}, said)
        strange_streams(runner, folder)
        return runner.report()
    texts = {"syntax": syntax, "nets": nets, "expressions": expressions, "blocks": blocks, "good": good}[group]
    for name, text in texts():
        path = write(folder, name, text)
        del text
        runner.text(name, path, {0} if group == "good" else {1, 2, 3, 4})
        if group in ("syntax", "good"):
            for emit in ("tokens", "ast"):
                runner.run(name, ["compile", f"--emit={emit}", "-o", os.devnull, path], {0, 1, 2, 3, 4})
        os.remove(path)
    return runner.report()


if __name__ == "__main__":
    words = sys.argv[3:]
    sys.exit(main(sys.argv[1], sys.argv[2], words[1:] if words else ["cnnc"]))
