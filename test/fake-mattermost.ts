import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  roles: string;
  is_bot: boolean;
  delete_at: number;
  display_name: string;
  description: string;
}
interface Token {
  readonly id: string;
  readonly user: string;
  readonly token: string;
  readonly description: string;
  is_active: boolean;
}
type Body = Readonly<Record<string, string>>;
type Answer = readonly [status: number, body?: unknown];

const newId = (): string => randomBytes(13).toString("hex");

/**
 * Mattermost's local mode, as far as accounts go: the routes and rules of release 9.5 (`server/channels/api4/*_local.go`).
 * The first account is an administrator; a token's value is shown once; what is not routed there answers 404.
 */
export class FakeMattermost {
  readonly users = new Map<string, User>();
  readonly teams = new Map<
    string,
    { readonly id: string; readonly name: string; readonly members: Set<string> }
  >();
  readonly tokens = new Map<string, Token>();
  readonly calls: string[] = [];
  /** Answers 500 instead of what these begin with. */
  readonly broken = new Set<string>();
  /** After each call. @default - nothing */
  onChange: () => void = () => {};
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  listen(path: string): Promise<void> {
    return new Promise((done) => this.#server.listen(path, done));
  }

  close(): Promise<void> {
    return new Promise((done) => {
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }

  /** Everything that it keeps, as text. */
  saved(): string {
    const teams = [...this.teams].map(([id, team]) => [id, { ...team, members: [...team.members] }]);
    return JSON.stringify({ users: [...this.users], teams, tokens: [...this.tokens] });
  }

  restore(text: string): void {
    const { users, teams, tokens } = JSON.parse(text);
    for (const [id, user] of users) this.users.set(id, user);
    for (const [id, team] of teams) this.teams.set(id, { ...team, members: new Set(team.members) });
    for (const [id, token] of tokens) this.tokens.set(id, token);
  }

  named(username: string): User | undefined {
    return [...this.users.values()].find((user) => user.username === username);
  }

  active(username: string): readonly Token[] {
    const id = this.named(username)?.id;
    return [...this.tokens.values()].filter(({ user, is_active }) => user === id && is_active);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body: Body = text === "" || text === "null" ? {} : JSON.parse(text);
    const url = new URL(request.url ?? "/", "http://local");
    const call = `${request.method} ${url.pathname.replace("/api/v4", "")}`;
    this.calls.push(call);
    const [status, answer] = [...this.broken].some((begin) => call.startsWith(begin))
      ? [500, { id: "app.broken", message: `sent: ${text}` }]
      : this.#answer(call, url, body);
    this.onChange();
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer ?? {}));
  }

  #answer(call: string, url: URL, body: Body): Answer {
    const [, method = "", path = ""] = /^(\w+) (.*)$/.exec(call) ?? [];
    const parts = path.split("/").slice(1);
    const [kind, second = "", third = ""] = parts;
    if (call === "POST /users") return this.#createUser(body);
    if (call === "POST /users/tokens/revoke") return this.#revoke(body["token_id"] ?? "");
    if (call === "POST /teams") return this.#createTeam(body);
    if (kind === "users" && second === "username") return found(this.named(third), shown);
    if (kind === "teams" && second === "name")
      return found(
        [...this.teams.values()].find(({ name }) => name === third),
        ({ id, name }) => ({ id, name }),
      );
    if (kind === "teams" && third === "members" && method === "POST") {
      this.teams.get(second)?.members.add(body["user_id"] ?? "");
      return [201, {}];
    }
    const user = this.users.get(second);
    if (user === undefined) return [404, { id: "app.user.missing" }];
    return kind === "bots" ? bot(method, third, user, body, url) : this.#user(method, third, user, body);
  }

  #user(method: string, action: string, user: User, body: Body): Answer {
    switch (`${method} ${action}`) {
      case "POST convert_to_bot":
        user.is_bot = true;
        return [200, {}];
      case "PUT roles":
        user.roles = body["roles"] ?? "";
        return [200, {}];
      case "GET tokens":
        return [
          200,
          [...this.tokens.values()]
            .filter((one) => one.user === user.id)
            .map(({ token: _, ...rest }) => rest),
        ];
      case "POST tokens": {
        const made = {
          id: newId(),
          user: user.id,
          token: newId(),
          description: body["description"] ?? "",
          is_active: true,
        };
        this.tokens.set(made.id, made);
        return [200, made];
      }
      default:
        return [404, { id: "api.context.404.app_error" }];
    }
  }

  #createUser(body: Body): Answer {
    const { username = "", email = "", password = "" } = body;
    if (this.named(username) !== undefined) return [400, { id: "app.user.save.username_exists" }];
    if (password.length < 8 || password.length > 72) return [400, { id: "model.user.is_valid.pwd" }];
    const user: User = {
      id: newId(),
      username,
      email,
      password,
      roles: this.users.size === 0 ? "system_admin system_user" : "system_user",
      is_bot: false,
      delete_at: 0,
      display_name: "",
      description: "",
    };
    this.users.set(user.id, user);
    return [201, shown(user)];
  }

  #createTeam({ name = "" }: Body): Answer {
    const team = { id: newId(), name, members: new Set<string>() };
    this.teams.set(team.id, team);
    return [201, { id: team.id, name }];
  }

  #revoke(id: string): Answer {
    const token = this.tokens.get(id);
    if (token === undefined) return [404, { id: "app.token.missing" }];
    token.is_active = false;
    return [200, {}];
  }
}

const shown = ({ password: _, ...user }: User) => user;

function found<Value>(value: Value | undefined, show: (value: Value) => unknown): Answer {
  return value === undefined ? [404, { id: "app.missing" }] : [200, show(value)];
}

function bot(method: string, action: string, user: User, body: Body, url: URL): Answer {
  if (!user.is_bot) return [404, { id: "store.sql_bot.get.missing.app_error" }];
  switch (`${method} ${action}`) {
    case "GET ":
      if (user.delete_at !== 0 && url.searchParams.get("include_deleted") !== "true") return [404, {}];
      return [200, { user_id: user.id, display_name: user.display_name, description: user.description }];
    case "PUT ":
      user.display_name = body["display_name"] ?? user.display_name;
      user.description = body["description"] ?? user.description;
      return [200, {}];
    case "POST disable":
      user.delete_at = 1;
      return [200, {}];
    case "POST enable":
      user.delete_at = 0;
      return [200, {}];
    default:
      return [404, { id: "api.context.404.app_error" }];
  }
}
