/**
 * The program on the machine that makes Mattermost's accounts, through the local mode's socket: no password is kept for
 * it. Python, as the machine has no Node; standard library only.
 * https://developers.mattermost.com/api-documentation/ and https://docs.mattermost.com/manage/mmctl-command-line-tool.html#local-mode
 */
export const ACCOUNTS_PROGRAM = `#!/usr/bin/env python3
"""The accounts of Mattermost as accounts.json declares them. Written by Groundplane.

usage: accounts apply|check|reset FOLDER

Tokens are made by Mattermost and shown once: each is kept in FOLDER/tokens/NAME, mode 0600.
"""
import http.client
import json
import os
import secrets
import socket
import sys
import urllib.parse

DESCRIPTION = "groundplane"


class LocalConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("local", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


class Accounts:
    def __init__(self, folder):
        self.folder = folder
        self.tokens = os.path.join(folder, "tokens")
        with open(os.path.join(folder, "accounts.json"), encoding="utf-8") as file:
            self.wanted = json.load(file)
        self.socket = os.path.join(folder, self.wanted["socket"])

    def call(self, method, path, body=None, none_for_404=False):
        connection = LocalConnection(self.socket)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, "/api/v4" + path, text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status == 404 and none_for_404:
            return None
        if answer.status >= 400:
            # What was sent holds passwords: only Mattermost's own name of the fault is repeated.
            try:
                fault = json.loads(content).get("id", "")
            except ValueError:
                fault = ""
            raise SystemExit(f"{method} {path}: Mattermost answered {answer.status} {fault}".rstrip())
        return json.loads(content) if content else None

    def user(self, name):
        return self.call("GET", "/users/username/" + urllib.parse.quote(name), none_for_404=True)

    def admin(self):
        """First of all accounts, as Mattermost makes its first one an administrator."""
        admin = self.wanted["admin"]
        user = self.user(admin["username"])
        if user is None:
            with open(os.path.join(self.folder, self.wanted["adminPasswordFile"]), encoding="utf-8") as file:
                password = file.read()
            user = self.call(
                "POST", "/users", {"username": admin["username"], "email": admin["email"], "password": password}
            )
        if "system_admin" not in user["roles"].split():
            self.call("PUT", f"/users/{user['id']}/roles", {"roles": "system_user system_admin"})
        return user["id"]

    def team(self):
        wanted = self.wanted.get("team")
        if wanted is None:
            return None
        team = self.call("GET", "/teams/name/" + urllib.parse.quote(wanted["name"]), none_for_404=True)
        if team is None:
            team = self.call(
                "POST", "/teams", {"name": wanted["name"], "display_name": wanted["displayName"], "type": "I"}
            )
        return team["id"]

    def bot(self, wanted):
        name = wanted["username"]
        address = name + "@bots.invalid"
        user = self.user(name)
        if user is None:
            # It cannot log in with it once it is a bot.
            password = secrets.token_urlsafe(32) + "aA1!"
            user = self.call("POST", "/users", {"username": name, "email": address, "password": password})
        if not user.get("is_bot", False):
            if user["email"] != address:
                raise SystemExit(f"{name} is a person's account; give the bot another name")
            self.call("POST", f"/users/{user['id']}/convert_to_bot")
            user = self.user(name)
        if set(user["roles"].split()) != {"system_user"}:
            raise SystemExit(f"the bot {name} has the roles {user['roles']}; take all but system_user from it")
        id = user["id"]
        if user.get("delete_at", 0) != 0:
            self.call("POST", f"/bots/{id}/enable")
        bot = self.call("GET", f"/bots/{id}?include_deleted=true")
        said = {"display_name": wanted.get("displayName", ""), "description": wanted.get("description", "")}
        if any(bot.get(key, "") != value for key, value in said.items()):
            self.call("PUT", f"/bots/{id}", {"username": name, **said})
        return id

    def active_tokens(self, id):
        listed = self.call("GET", f"/users/{id}/tokens?per_page=200") or []
        return {each["id"] for each in listed if each["is_active"] and each["description"] == DESCRIPTION}

    def kept(self, name):
        """The id of the token that is kept, and whether there is one."""
        try:
            with open(os.path.join(self.tokens, name + ".id"), encoding="utf-8") as file:
                id = file.read().strip()
            return id if os.path.getsize(os.path.join(self.tokens, name)) > 0 else None
        except FileNotFoundError:
            return None

    def write(self, name, text):
        path = os.path.join(self.tokens, name)
        new = path + ".new"
        if os.path.exists(new):
            os.unlink(new)
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)

    def token(self, name, id):
        active = self.active_tokens(id)
        kept = self.kept(name)
        if kept not in active:
            made = self.call("POST", f"/users/{id}/tokens", {"description": DESCRIPTION})
            # The id last: without it the next run makes another token, and revokes this one.
            self.remove(name + ".id")
            self.write(name, made["token"])
            self.write(name + ".id", made["id"])
            print(f"{name} has a new token: {os.path.join(self.tokens, name)}")
            kept = made["id"]
        for other in active - {kept}:
            self.call("POST", "/users/tokens/revoke", {"token_id": other})

    def remove(self, name):
        try:
            os.unlink(os.path.join(self.tokens, name))
        except FileNotFoundError:
            pass

    def retire(self, name):
        user = self.user(name)
        if user is not None and user.get("is_bot", False):
            for token in self.active_tokens(user["id"]):
                self.call("POST", "/users/tokens/revoke", {"token_id": token})
            self.call("POST", f"/bots/{user['id']}/disable")
        self.remove(name + ".id")
        self.remove(name)

    def known(self):
        names = os.listdir(self.tokens) if os.path.isdir(self.tokens) else []
        return sorted({name.removesuffix(".new").removesuffix(".id") for name in names})

    def apply(self):
        os.makedirs(self.tokens, mode=0o700, exist_ok=True)
        os.chmod(self.tokens, 0o700)
        self.admin()
        team = self.team()
        for wanted in self.wanted["bots"]:
            id = self.bot(wanted)
            if team is not None:
                self.call("POST", f"/teams/{team}/members", {"team_id": team, "user_id": id})
            self.token(wanted["username"], id)
        declared = {wanted["username"] for wanted in self.wanted["bots"]}
        for name in self.known():
            if name not in declared:
                self.retire(name)

    def check(self):
        wrong = []
        for wanted in self.wanted["bots"]:
            name = wanted["username"]
            user = self.user(name)
            if user is None or not user.get("is_bot", False) or user.get("delete_at", 0) != 0:
                wrong.append(f"there is no bot {name}, or it is off")
            elif self.kept(name) not in self.active_tokens(user["id"]):
                wrong.append(f"the token of {name} is missing or was revoked")
        if wrong:
            raise SystemExit("\\n".join(wrong))

    def reset(self):
        for name in self.known():
            self.retire(name)


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("apply", "check", "reset"):
        raise SystemExit(__doc__)
    os.umask(0o077)
    accounts = Accounts(arguments[1])
    try:
        getattr(accounts, arguments[0])()
    except OSError as error:
        raise SystemExit(f"Mattermost's socket or a file of {arguments[1]}: {error.strerror or error}") from None


main(sys.argv[1:])
`;
