import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, cpSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where this machine keeps PostgreSQL's programs. */
export const POSTGRES_BIN = globSync("/usr/lib/postgresql/*/bin").toSorted().at(-1);
export const PROGRAMS = ["/bin/sh", "/bin/cat", "/bin/id", "/usr/bin/curl"];

const POSTGRES = `#!/bin/sh
# Stands in for the entrypoint of postgres's image: the same variables, the same steps.
set -eu
data=/var/lib/postgresql/data
if ! [ -s "$data/PG_VERSION" ]; then
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --no-locale --encoding=UTF8 $POSTGRES_INITDB_ARGS "$data"
  echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >> "$data/pg_hba.conf"
  pg_ctl -D "$data" -o "-c listen_addresses=" -w start
  psql --username="$POSTGRES_USER" --dbname=postgres -c "CREATE DATABASE $POSTGRES_DB"
  pg_ctl -D "$data" -w stop
fi
exec postgres -D "$data" -c listen_addresses='*'
`;

/** Keeps its place in the repository, and with it what it imports. */
const MATTERMOST = `#!/bin/sh
exec node --disable-warning=ExperimentalWarning /app/test/live/docker/mattermost-in-container.worker.ts
`;
const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** A root file system of this machine's own programs, with the libraries that they need. */
function makeRoot(root: string): void {
  const bin = POSTGRES_BIN ?? "";
  const copy = (path: string, to = path): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(path, join(root, to));
  };
  const libraries = (paths: readonly string[]): readonly string[] => {
    const text = execFileSync("ldd", [...paths], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return [...text.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
  };
  const version = dirname(bin);
  cpSync(version, join(root, version), {
    recursive: true,
    dereference: true,
    filter: (path) => !/bitcode|llvm/.test(path),
  });
  cpSync(version.replace("/lib/", "/share/"), join(root, version.replace("/lib/", "/share/")), {
    recursive: true,
    dereference: true,
  });
  cpSync("/usr/share/zoneinfo", join(root, "usr/share/zoneinfo"), { recursive: true, dereference: true });
  for (const path of PROGRAMS) copy(path);
  copy(process.execPath, "/usr/bin/node");
  const binaries = [
    ...PROGRAMS,
    process.execPath,
    ...globSync(`${bin}/{initdb,postgres,pg_ctl,psql,pg_dump,pg_restore,pg_isready}`),
    `${version}/lib/plpgsql.so`,
  ];
  for (const path of new Set(libraries(binaries))) copy(path);
  for (const folder of ["tmp", "var/run/postgresql", "var/lib/postgresql/data", "mattermost", "app", "etc"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(
    join(root, "etc/passwd"),
    "root:x:0:0::/:/bin/sh\npostgres:x:999:999::/:/bin/sh\nmattermost:x:2000:2000::/mattermost:/bin/sh\n",
  );
  // As the images have them.
  chmodSync(join(root, "var/run/postgresql"), 0o3777);
  chmodSync(join(root, "tmp"), 0o1777);
  for (const [name, text] of [
    ["postgres", POSTGRES],
    ["mattermost", MATTERMOST],
  ] as const) {
    writeFileSync(join(root, `entrypoint-${name}`), text);
    chmodSync(join(root, `entrypoint-${name}`), 0o755);
  }
  const own = dirname(fileURLToPath(import.meta.url));
  for (const path of [join(own, "mattermost-in-container.worker.ts"), join(own, "../../fake-mattermost.ts")])
    copy(path, path.replace(REPOSITORY, "/app/"));
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

export interface TestImages {
  readonly postgres: `${string}@sha256:${string}`;
  readonly mattermost: `${string}@sha256:${string}`;
  /** The same program under another digest, as a later release would be. */
  readonly nextMattermost: `${string}@sha256:${string}`;
}

/**
 * A registry on the loopback address with these images, so that the engine pulls by digest. They share their one layer, which
 * nothing compresses.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 * https://github.com/opencontainers/image-spec/blob/main/layer.md
 */
export async function serveImages(folder: string): Promise<TestImages> {
  const root = join(folder, "rootfs");
  makeRoot(root);
  const tar = execFileSync(
    "tar",
    ["--create", "--numeric-owner", "--owner=0", "--group=0", "-C", root, "."],
    {
      maxBuffer: 1 << 30,
    },
  );
  const diffId = digestOf(tar);
  const blobs = new Map([[diffId, tar]]);
  const manifests = new Map<string, Buffer>();
  const image = (name: string, tag: string, stopSignal = "SIGTERM"): `${string}@sha256:${string}` => {
    const config = Buffer.from(
      JSON.stringify({
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        os: "linux",
        config: {
          Env: [`PATH=${POSTGRES_BIN}:/usr/bin:/bin`],
          Entrypoint: [`/entrypoint-${name}`],
          Labels: { "org.opencontainers.image.version": tag },
          StopSignal: stopSignal,
        },
        rootfs: { type: "layers", diff_ids: [diffId] },
      }),
    );
    blobs.set(digestOf(config), config);
    const part = (mediaType: string, bytes: Buffer) => ({
      mediaType,
      size: bytes.length,
      digest: digestOf(bytes),
    });
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: part("application/vnd.oci.image.config.v1+json", config),
        layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", size: tar.length, digest: diffId }],
      }),
    );
    manifests.set(digestOf(manifest), manifest);
    const hex = digestOf(manifest).replace("sha256:", "");
    return `127.0.0.1:5000/${name}:${tag}@sha256:${hex}`;
  };
  const images = {
    // As postgres's own: a fast shutdown, that waits for nobody.
    postgres: image("postgres", "13", "SIGINT"),
    mattermost: image("mattermost", "9.5.1"),
    nextMattermost: image("mattermost", "9.5.2"),
  };
  const server = createServer((request, response) => {
    const [, kind, digest = ""] = /\/(manifests|blobs)\/(\S+)$/.exec(request.url ?? "") ?? [];
    const found = kind === "manifests" ? manifests.get(digest) : blobs.get(digest);
    if (request.url === "/v2/") return response.writeHead(200).end("{}");
    if (found === undefined) return response.writeHead(404).end();
    response.writeHead(200, {
      "Content-Type": kind === "manifests" ? MANIFEST : "application/octet-stream",
      "Content-Length": found.length,
      "Docker-Content-Digest": digest,
    });
    return request.method === "HEAD" ? response.end() : response.end(found);
  });
  await new Promise<void>((done) => server.listen(5000, "127.0.0.1", done));
  return images;
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
