import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestHost } from "../run-script.fixture.ts";
import { type BackupPlan, backupScript, restoreScript } from "./backup-scripts.ts";
import { checkBackupUnits, resetBackup, setupBackup } from "./backup-units.ts";

/** Does what libvirt's backup job does: whole copies of the disks that it is told to copy. */
const VIRSH = `shift 3
case " $* " in *" athena "*) ;; *) exit 1 ;; esac
case $1 in
  domstate) cat "$host/state" ;;
  dumpxml) echo "<domain/>" ;;
  domblklist) printf ' file disk vda %s\\n file disk vdb %s\\n file cdrom hdd seed.iso\\n' "$host/pool/root" "$host/pool/data" ;;
  domfsfreeze) [ -e "$host/agent" ]; echo freeze >>"$host/log" ;;
  domfsthaw) echo thaw >>"$host/log" ;;
  domjobabort) echo abort >>"$host/log" ;;
  backup-begin)
    echo begin >>"$host/log"
    cp "$3" "$host/backup.xml"
    [ ! -e "$host/refuses" ]
    target() { sed -n "s:.*name=\\"$1\\" backup=\\"yes\\".*target file=\\"\\([^\\"]*\\)\\".*:\\1:p" "$host/backup.xml"; }
    cp "$host/pool/root" "$(target vda)"
    cp "$host/pool/data" "$(target vdb)"
    ;;
  domjobinfo) if [ "\${3:-}" = --completed ]; then echo "Job type:         $(cat "$host/job")"; else echo "Job type:         None"; fi ;;
  *) exit 1 ;;
esac`;
const QEMU_IMG = `case $1 in
  check) ! grep -q damaged "$3" ;;
  convert) cp "$4" "$5" ;;
esac`;

describe("the scripts of a backup", () => {
  let host: TestHost;
  let plan: BackupPlan;
  beforeEach(() => {
    host = new TestHost({
      virsh: VIRSH,
      "qemu-img": QEMU_IMG,
      chown: "exit 0",
      systemctl: 'echo "$*" >>"$host/log"',
    });
    mkdirSync(join(host.folder, "pool"));
    write("pool/root", "root 1");
    write("pool/data", "data 1");
    write("state", "running\n");
    write("job", "Completed");
    write("log", "");
    const diskPaths = ["root", "data"].map((name) => join(host.folder, "pool", name));
    plan = { machineName: "athena", folder: join(host.folder, "copies"), keep: 2, diskPaths };
  });
  afterEach(() => host.remove());
  const write = (name: string, text: string) => writeFileSync(join(host.folder, name), text);
  const read = (name: string) => readFileSync(join(host.folder, name), "utf8");
  const copies = () => readdirSync(plan.folder).filter((name) => !name.startsWith("."));
  const backup = () => host.run(backupScript(plan));
  const restore = (...args: string[]) => host.run(restoreScript(plan), args);

  test("copy the disks of a running machine, and not its CD", async () => {
    const { code, stdout, stderr } = await backup();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [copy = ""] = copies();
    expect(stdout).toBe(`${plan.folder}/${copy}\n`);
    expect(readdirSync(join(plan.folder, copy)).toSorted()).toEqual(["domain.xml", "vda.qcow2", "vdb.qcow2"]);
    expect(read(`copies/${copy}/vda.qcow2`)).toBe("root 1");
    expect(read("backup.xml")).toContain('<disk name="hdd" backup="no"/>');
    expect(read("log")).toBe("begin\n");
  });

  test("lie where QEMU gets to, which opens them as another user and may not look around", async () => {
    plan = { ...plan, folder: join(host.folder, "backups", "groundplane", "athena") };
    expect(await backup()).toMatchObject({ code: 0 });
    const modes = ["backups", "backups/groundplane", "backups/groundplane/athena"].map(
      (path) => statSync(join(host.folder, path)).mode & 0o777,
    );
    expect(modes.map((mode) => mode.toString(8))).toEqual(["711", "711", "711"]);
  });

  test("quiet the file systems only until the copy has begun, where the guest has an agent", async () => {
    write("agent", "");
    expect(await backup()).toMatchObject({ code: 0 });
    expect(read("log")).toBe("freeze\nbegin\nthaw\n");
  });

  test("copy a machine that is shut off", async () => {
    write("state", "shut off\n");
    expect(await backup()).toMatchObject({ code: 0, stderr: "" });
    expect(read("log")).toBe("");
    expect(read(`copies/${copies()[0]}/vdb.qcow2`)).toBe("data 1");
  });

  test.each<[string, () => void, string]>([
    ["libvirt does not begin", () => write("refuses", ""), "libvirt does not begin the backup"],
    ["the job fails", () => write("job", "Failed"), "the backup job failed"],
    ["a copy is damaged", () => write("pool/data", "damaged"), "the copy of vdb is damaged"],
    ["the machine is in no state for it", () => write("state", "crashed\n"), "its state is crashed"],
  ])("leave nothing, and the file systems thawed, when %s", async (_, prepare, message) => {
    write("agent", "");
    prepare();
    const { code, stderr } = await backup();
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(copies()).toEqual([]);
    expect(readdirSync(plan.folder).filter((name) => name.startsWith(".part"))).toEqual([]);
    const log = read("log");
    expect(log.split("freeze\n").length).toBe(log.split("thaw\n").length);
  });

  test("keep the newest, and clear away what a killed run left", async () => {
    for (const name of ["20250101T000000Z", "20250102T000000Z", ".part-20250103T000000Z", "mine"])
      mkdirSync(join(plan.folder, name), { recursive: true });
    expect(await backup()).toMatchObject({ code: 0 });
    expect(readdirSync(plan.folder).includes(".part-20250103T000000Z")).toBe(false);
    expect(copies().toSorted()).toEqual(["20250102T000000Z", expect.stringMatching(/^2\d{7}T/), "mine"]);
  });

  test("put a copy back into a machine that is shut off, and keep what was there", async () => {
    await backup();
    const [copy = ""] = copies();
    write("pool/root", "root 2");
    const running = await restore(copy);
    expect(running).toMatchObject({
      code: 1,
      stderr: "athena: it runs; shut it down first: virsh shutdown athena\n",
    });
    expect(read("pool/root")).toBe("root 2");

    write("state", "shut off\n");
    expect(await restore(copy)).toMatchObject({ code: 0, stderr: "" });
    expect(read("pool/root")).toBe("root 1");
    expect(read(`pool/root.before-${copy}`)).toBe("root 2");
    expect(await restore(copy)).toMatchObject({ code: 0 });
    expect(read(`pool/root.before-${copy}`)).toBe("root 2");
  });

  test("change no disk when one copy is damaged", async () => {
    await backup();
    const [copy = ""] = copies();
    write("state", "shut off\n");
    write("pool/root", "root 2");
    write(`copies/${copy}/vdb.qcow2`, "damaged");
    const { code, stderr } = await restore(copy);
    expect(code).not.toBe(0);
    expect(stderr).toContain("the copy of vdb is damaged or missing");
    expect(read("pool/root")).toBe("root 2");
  });

  test("list the copies when none is named", async () => {
    await backup();
    const { code, stderr } = await restore();
    expect(code).toBe(64);
    expect(stderr).toContain(copies()[0]);
    expect((await restore("20200101T000000Z")).stderr).toContain("there is no copy");
  });

  test("are switched on and off with the timer", async () => {
    expect(await host.run(resetBackup("athena"))).toMatchObject({ code: 0 });
    expect(read("log")).toBe("disable --now groundplane-backup-athena.timer\n");
    const scripts = [setupBackup("athena", "*-*-* 02:30:00"), checkBackupUnits("athena")];
    const checked = await Promise.all(
      scripts.map((script) => host.run(`sh -n <<'SCRIPT'\n${script}SCRIPT\n`)),
    );
    expect(checked).toEqual(scripts.map(() => ({ code: 0, stdout: "", stderr: "" })));
  });
});
