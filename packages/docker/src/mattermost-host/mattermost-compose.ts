import { type ComposeFile, composeFile } from "../compose/compose-file.ts";
import type { ComposeBytes, ComposeMount, ComposeUser } from "../compose/compose-service.ts";
import type { PinnedImage } from "../image/image-reference.ts";

/** The database and its owner; no other is made. */
export const DATABASE = { user: "mmuser", name: "mattermost" } as const;

/** Of Mattermost's image: https://github.com/mattermost/mattermost/blob/release-9.5/server/build/Dockerfile */
const MATTERMOST_USER = "2000:2000";
/** Of postgres's image on Debian; the one on Alpine has 70. */
export const POSTGRES_USER: ComposeUser = "999:999";

/** In the container, and in the project's folder on the host. */
export const LOCAL_SOCKET = {
  container: "/var/run/mattermost/local.sock",
  folder: "run",
  name: "local.sock",
} as const;

/** Folders below `data`, of which `postgres` is backed up by `pg_dump` instead. */
export const FILE_FOLDERS = ["config", "files", "plugins", "client-plugins"] as const;

export interface ServiceLimits {
  readonly cpus: `${number}`;
  readonly memory: ComposeBytes;
}

export interface MattermostComposeOptions {
  readonly images: { readonly postgres: PinnedImage; readonly mattermost: PinnedImage };
  readonly siteUrl: string;
  /** Of the host. */
  readonly port: number;
  readonly postgresUser: ComposeUser;
  readonly limits: { readonly postgres: ServiceLimits; readonly mattermost: ServiceLimits };
}

const data = (source: string, target: string): Extract<ComposeMount, { type: "bind" }> => ({
  type: "bind",
  source: `./${source}`,
  target,
  bind: { create_host_path: false },
});
/** For folders that the image lets everyone write to. */
const scratch = (target: string, size: ComposeBytes): Extract<ComposeMount, { type: "tmpfs" }> => ({
  type: "tmpfs",
  target,
  tmpfs: { size, mode: 0o1777 },
});

/** The compose file of Mattermost and its database. The password is in files alone. */
export function mattermostCompose(options: MattermostComposeOptions): ComposeFile {
  return composeFile({
    name: "mattermost",
    services: { postgres: postgres(options), mattermost: mattermost(options) },
    networks: { database: { internal: true }, front: {} },
    secrets: {
      "postgres-password": { file: "./secrets/postgres-password" },
      pgpass: { file: "./secrets/pgpass" },
    },
  });
}

function postgres({ images, postgresUser, limits }: MattermostComposeOptions) {
  return {
    image: images.postgres,
    user: postgresUser,
    environment: {
      POSTGRES_USER: DATABASE.user,
      POSTGRES_DB: DATABASE.name,
      POSTGRES_PASSWORD_FILE: "/run/secrets/postgres-password",
      POSTGRES_HOST_AUTH_METHOD: "scram-sha-256",
      POSTGRES_INITDB_ARGS: "--auth-host=scram-sha-256 --data-checksums",
    },
    networks: { database: {} },
    volumes: [
      data("data/postgres", "/var/lib/postgresql/data"),
      scratch("/var/run/postgresql", "16m"),
      scratch("/tmp", "64m"),
    ],
    secrets: [{ source: "postgres-password" }],
    // Over TCP: while the database is made, a server answers on the socket alone.
    healthcheck: {
      test: [
        "CMD",
        "pg_isready",
        "--host=127.0.0.1",
        `--username=${DATABASE.user}`,
        `--dbname=${DATABASE.name}`,
      ],
      interval: "10s",
      timeout: "5s",
      retries: 6,
      start_period: "60s",
    },
    deploy: { resources: { limits: { ...limits.postgres, pids: 256 } } },
    shm_size: "128m",
    stop_grace_period: "60s",
  } as const;
}

function mattermost({ images, siteUrl, port, limits }: MattermostComposeOptions) {
  return {
    image: images.mattermost,
    user: MATTERMOST_USER,
    environment: {
      MM_SQLSETTINGS_DRIVERNAME: "postgres",
      // Without a password: the driver takes it from the file that PGPASSFILE names. Both are on one internal network.
      MM_SQLSETTINGS_DATASOURCE: `postgres://${DATABASE.user}@postgres:5432/${DATABASE.name}?sslmode=disable&connect_timeout=10`,
      PGPASSFILE: "/run/secrets/pgpass",
      MM_SERVICESETTINGS_SITEURL: siteUrl,
      MM_SERVICESETTINGS_LISTENADDRESS: ":8065",
      // How accounts are made without a password that a program keeps: a socket that root on the host can open.
      MM_SERVICESETTINGS_ENABLELOCALMODE: "true",
      MM_SERVICESETTINGS_LOCALMODESOCKETLOCATION: LOCAL_SOCKET.container,
      MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION: "true",
      MM_TEAMSETTINGS_ENABLEOPENSERVER: "false",
      MM_PLUGINSETTINGS_ENABLEUPLOADS: "false",
      MM_LOGSETTINGS_ENABLEFILE: "false",
      MM_LOGSETTINGS_ENABLEDIAGNOSTICS: "false",
      MM_BLEVESETTINGS_INDEXDIR: "/mattermost/bleve-indexes",
    },
    depends_on: { postgres: { condition: "service_healthy" } },
    networks: { database: {}, front: {} },
    ports: [{ target: 8065, published: String(port), host_ip: "0.0.0.0" }],
    volumes: [
      data("data/config", "/mattermost/config"),
      data("data/files", "/mattermost/data"),
      data("data/plugins", "/mattermost/plugins"),
      data("data/client-plugins", "/mattermost/client/plugins"),
      data(LOCAL_SOCKET.folder, "/var/run/mattermost"),
      // No tmpfs: the image has these folders for its own user, and one over them would be root's.
      data("data/logs", "/mattermost/logs"),
      data("data/bleve-indexes", "/mattermost/bleve-indexes"),
      scratch("/tmp", "256m"),
    ],
    secrets: [{ source: "pgpass" }],
    // As in the image of 9.5.
    healthcheck: {
      test: ["CMD", "curl", "-fsS", "http://localhost:8065/api/v4/system/ping"],
      interval: "15s",
      timeout: "10s",
      retries: 8,
      start_period: "120s",
    },
    deploy: { resources: { limits: { ...limits.mattermost, pids: 512 } } },
    stop_grace_period: "30s",
  } as const;
}

/**
 * Gives the database's user the password that the file has now: the image reads it when it makes the database, and
 * never again. Runs between the database being up and Mattermost. Sent from the host's file: a container keeps the secret
 * that it began with, and is made anew once, after this.
 */
export function passwordInForce(folder: string, waitSeconds: number): string {
  return `compose up --detach --wait --wait-timeout ${waitSeconds} postgres
encoded=$(base64 --wrap=0 ${folder}/secrets/postgres-password)
compose exec -T postgres psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username=${DATABASE.user} --dbname=${DATABASE.name} <<SQL
SELECT format('ALTER ROLE ${DATABASE.user} PASSWORD %L', convert_from(decode('$encoded', 'base64'), 'UTF8')) \\gexec
SQL`;
}

/** A line of libpq's password file: https://www.postgresql.org/docs/13/libpq-pgpass.html */
export function pgpassLine(password: string): string {
  const escaped = password.replaceAll(/[\\:]/g, (letter) => `\\${letter}`);
  return `postgres:5432:${DATABASE.name}:${DATABASE.user}:${escaped}\n`;
}
