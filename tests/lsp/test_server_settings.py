"""Settings: the file in the workspace, what the editor says, and what is done when they change."""

import pytest
import pytest_lsp
from clients import SERVE, Editor, make_stubborn_editor, profile
from lsprotocol import types
from pytest_lsp import ClientServerConfig

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = """\
S: 220 mx.example.net ESMTP
C: EHLO client.example.org
S: 250 mx.example.net
C: MAIL FROM:<alice@example.org>
S: 250 2.1.0 Sender ok
C: RCPT TO:<bob@example.test>
S: 550 5.1.1 Unknown user
C: DATA
S: 503 5.5.1 No recipients
"""
BOTH = ["RPL090", "SEQ001"]


class Workspace:
    """A folder with a transcript that is open, and a configuration file that comes and goes."""

    def __init__(self, editor, folder, name="a.smtp"):
        self.editor = editor
        self.folder = folder
        self.config = folder / "smtp-lsp.toml"
        self.uri = (folder / name).as_uri()
        editor.open(self.uri, REFUSED)

    async def codes(self):
        return await self.editor.codes(self.uri)

    def configure(self, text):
        """Write the configuration, or take it away, as the editor's watcher tells it."""
        change = types.FileChangeType
        kind = change.Changed if self.config.exists() else change.Created
        if text is None:
            self.config.unlink()
            kind = change.Deleted
        else:
            self.config.write_text(text)
        self.editor.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(self.config.as_uri(), kind)])
        )

    async def settings(self, values):
        """Have the editor hold *values* for this server, or nothing, and say that it does."""
        editor = self.editor
        asked = editor.asked
        editor.set_configuration(values, section="smtp-lsp")
        editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        await editor.until(lambda: editor.asked > asked)
        await editor.settled()

    async def complaints(self):
        """Return what was pushed about the configuration file last, None for nothing yet."""
        await self.editor.settled()
        uri = self.config.as_uri()
        pushed = [each for each in self.editor.pushed if each.uri == uri]
        return list(pushed[-1].diagnostics) if pushed else None


@pytest.fixture
def workspace(editor, tmp_path):
    made = Workspace(editor, tmp_path)
    editor.messages.clear()
    yield made
    editor.close(made.uri)


async def renewed(editor, before):
    """Say that the client heard of the change: it was asked to pull again, or pushed to."""
    await editor.settled()
    able = editor.profile.capabilities.workspace
    if able.diagnostics and able.diagnostics.refresh_support:
        await editor.until(lambda: editor.diagnostic_refresh_count > before[0])
    elif not editor.profile.pulls:
        assert len(editor.pushed) > before[1]


async def test_a_file_in_the_workspace(editor, workspace):
    assert await workspace.codes() == BOTH
    for text, left in (
        ('ignore = ["misordered-data"]\n', ["RPL090"]),
        ('ignore = ["SEQ", "RPL"]\n', []),
        ('[severity]\nSEQ001 = "hint"\n', BOTH),
    ):
        before = editor.diagnostic_refresh_count, len(editor.pushed)
        workspace.configure(text)
        await renewed(editor, before)
        assert await workspace.codes() == left
    problems = await editor.problems(workspace.uri)
    assert problems[-1].severity == types.DiagnosticSeverity.Hint
    workspace.configure(None)
    assert await workspace.codes() == BOTH
    assert editor.messages == []
    assert await workspace.complaints() is None


async def test_a_broken_file(editor, workspace):
    """It gets a diagnostic, the user one message, and the last good settings stay."""
    workspace.configure('ignore = ["SEQ001"]\n')
    assert await workspace.codes() == ["RPL090"]

    workspace.configure('ignore = ["SEQ001"\n')
    assert await workspace.codes() == ["RPL090"]
    (problem,) = await workspace.complaints()
    assert problem.severity == types.DiagnosticSeverity.Error
    assert problem.source == "smtp-lsp"
    assert "TOML" in problem.message
    (message,) = editor.messages
    assert str(workspace.config) in message.message
    assert message.type == types.MessageType.Warning

    workspace.configure('ignroe = ["SEQ001"]\n')
    assert await workspace.codes() == ["RPL090"]
    (problem,) = await workspace.complaints()
    assert "'ignore'" in problem.message  # the key that was meant
    assert len(editor.messages) == 1

    workspace.configure('ignore = ["RPL001", "RPL090"]\n')
    assert await workspace.codes() == ["SEQ001"]
    assert await workspace.complaints() == []
    assert len(editor.messages) == 1

    workspace.configure("ignore = 3\n")
    assert await workspace.codes() == ["SEQ001"]
    assert len(editor.messages) == 2
    workspace.configure(None)
    assert await workspace.codes() == BOTH
    assert await workspace.complaints() == []


async def test_a_file_broken_from_the_start(editor, tmp_path):
    editor.messages.clear()
    (tmp_path / "smtp-lsp.toml").write_text("nonsense")
    workspace = Workspace(editor, tmp_path)
    other = Workspace(editor, tmp_path, "b.smtp")
    assert await workspace.codes() == BOTH
    assert len(await workspace.complaints()) == 1
    assert len(editor.messages) == 1
    for each in (workspace, other):
        editor.close(each.uri)


async def test_the_nearest_file_upward_holds(editor, workspace, tmp_path):
    workspace.configure('ignore = ["SEQ001"]\n')
    inner = tmp_path / "inner" / "deep"
    inner.mkdir(parents=True)
    other = Workspace(editor, inner)
    assert await other.codes() == ["RPL090"]
    inner.parent.joinpath("pyproject.toml").write_text(
        '[tool.smtp-lsp]\nignore = ["RPL001", "RPL090"]\n'
    )
    other.configure("\n")  # any event: the files are looked for again
    other.config.unlink()
    other.configure("\n")
    other.configure(None)
    assert await other.codes() == ["SEQ001"]
    assert await workspace.codes() == ["RPL090"]
    editor.close(other.uri)


async def test_what_the_editor_says(editor, workspace):
    before = editor.diagnostic_refresh_count, len(editor.pushed)
    await workspace.settings({"ignore": ["SEQ001"], "path": ["/usr/bin/smtp-lsp"], "trace": "off"})
    await renewed(editor, before)
    assert await workspace.codes() == ["RPL090"]

    # A file in the workspace wins, key by key.
    workspace.configure('ignore = ["RPL001", "RPL090"]\n')
    assert await workspace.codes() == ["SEQ001"]
    workspace.configure('[severity]\nRPL090 = "error"\n')
    (problem,) = await editor.problems(workspace.uri)
    assert (problem.code, problem.severity) == ("RPL090", types.DiagnosticSeverity.Error)
    workspace.configure(None)

    # What cannot be used is said once, and what was good stays.
    assert editor.messages == []
    await workspace.settings({"ignore": ["SEQ999x"]})
    assert await workspace.codes() == ["RPL090"]
    (message,) = editor.messages
    assert "SEQ999x" in message.message

    # French, and nothing at all.
    await workspace.settings({"locale": "fr"})
    problems = await editor.problems(workspace.uri)
    assert "destinataires" in problems[-1].message
    await workspace.settings(None)
    assert await workspace.codes() == BOTH
    problems = await editor.problems(workspace.uri)
    assert "destinataires" not in problems[-1].message
    assert len(editor.messages) == 1


async def test_excluded_files_are_left_alone(editor, workspace, tmp_path):
    """No diagnostics, and no fix that a save would make."""
    script = "HELO a\nMAIL FROM:<a@b>\nRCPT TO:<a@b>\nDATA\n\none\n.\ntwo three\n.\nQUIT\n"
    made = tmp_path / "made"
    made.mkdir()
    uri = (made / "a.bsmtp").as_uri()
    everywhere = types.Range(types.Position(0, 0), types.Position(99, 0))
    editor.open(uri, script)
    assert await editor.codes(uri) == ["DOT001"]
    assert len(await editor.actions(uri, everywhere)) == 2
    workspace.configure('exclude = ["made/*.bsmtp"]\n')
    assert await editor.codes(uri) == []
    assert len(await editor.actions(uri, everywhere)) == 0
    workspace.configure('[per-file-ignores]\n"made/*" = ["DOT001"]\n')
    assert await editor.codes(uri) == []
    workspace.configure(None)
    assert await editor.codes(uri) == ["DOT001"]

    # The editor's patterns are relative to the workspace, wherever the server was started.
    folder = types.WorkspaceFolder(tmp_path.as_uri(), "folder")
    for change in ((folder, "added"), (folder, "removed")):
        lists = {"added": [], "removed": [], change[1]: [change[0]]}
        editor.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(**lists))
        )
        await workspace.settings({"exclude": ["made/*.bsmtp"]})
        assert await editor.codes(uri) == ([] if change[1] == "added" else ["DOT001"])
        await workspace.settings(None)
    editor.close(uri)


async def test_each_folder_of_a_workspace_has_its_own_configuration(editor, tmp_path):
    """Multi-root: the nearest file above a document counts, whichever folder was opened first."""
    folders = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        folders.append(types.WorkspaceFolder((tmp_path / name).as_uri(), name))
    event = types.WorkspaceFoldersChangeEvent(added=folders, removed=[])
    editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    one, two = (Workspace(editor, tmp_path / name) for name in ("one", "two"))
    one.configure('ignore = ["SEQ001"]\n')
    assert await one.codes() == ["RPL090"]
    assert await two.codes() == BOTH
    two.configure('ignore = ["RPL001", "RPL090"]\n')
    assert await one.codes() == ["RPL090"]
    assert await two.codes() == ["SEQ001"]
    one.configure(None)
    assert await one.codes() == BOTH
    event = types.WorkspaceFoldersChangeEvent(added=[], removed=folders)
    editor.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    for workspace in (one, two):
        editor.close(workspace.uri)


# -- what is said at the beginning -------------------------------------------


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=SERVE, client_factory=make_stubborn_editor),
    scope="module",
)
async def plain(lsp_client: Editor, tmp_path_factory):
    """An editor that sends its settings unasked, and speaks French."""
    who = profile("emacs")
    who.capabilities.workspace.configuration = False
    await lsp_client.begin(
        who,
        tmp_path_factory.mktemp("plain"),
        locale="fr_CA",
        initialization_options={"ignore": ["SEQ001"], "select": ["no-such-rule"]},
    )
    await lsp_client.settled()
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=SERVE, client_factory=make_stubborn_editor),
    scope="module",
)
async def stubborn(lsp_client: Editor, tmp_path_factory):
    """An editor that refuses to register what it said it could, but has settings."""
    lsp_client.set_configuration({"ignore": ["SEQ001"]}, section="smtp-lsp")
    await lsp_client.begin(profile("vscode"), tmp_path_factory.mktemp("stubborn"))
    await lsp_client.until(lambda: lsp_client.asked)
    await lsp_client.settled()
    yield
    await lsp_client.shutdown_session()


async def test_settings_of_an_editor_that_registers_nothing(stubborn, tmp_path):
    workspace = Workspace(stubborn, tmp_path)
    assert await workspace.codes() == ["RPL090"]


async def test_settings_without_being_asked(plain, tmp_path):
    """Broken ones at the beginning are told; later ones come with the notification."""
    workspace = Workspace(plain, tmp_path)
    assert await workspace.codes() == BOTH
    assert "destinataires" in (await plain.problems(workspace.uri))[-1].message
    (message,) = plain.messages
    assert "no-such-rule" in message.message
    plain.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"smtp-lsp": {"ignore": ["SEQ001"]}})
    )
    assert await workspace.codes() == ["RPL090"]
    plain.workspace_did_change_configuration(types.DidChangeConfigurationParams({"ignore": []}))
    assert await workspace.codes() == BOTH
    plain.workspace_did_change_configuration(types.DidChangeConfigurationParams({}))
    assert await workspace.codes() == BOTH
    assert len(plain.messages) == 1
