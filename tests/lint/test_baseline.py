"""The baseline hides what was there before, wherever it is asked from."""

import smtp_lsp
from smtp_lsp.lint.baseline import Baseline, load, save
from smtp_lsp.lsp.settings import Settings

BAD = b"S: 220 mx\nC: EHLO a\nS: 250 mx\nC: DATA\nS: 503 no\n"


def test_paths_are_relative_to_the_baseline(tmp_path, monkeypatch):
    findings = smtp_lsp.check(BAD)
    baseline = Baseline(str(tmp_path))
    baseline.record(str(tmp_path / "sub" / "a.smtp"), findings)
    save(str(tmp_path / "known.json"), baseline)
    assert load(str(tmp_path / "known.json")).counts == {"sub/a.smtp": {"SEQ001": 1}}
    monkeypatch.chdir(tmp_path)
    assert load("known.json").filtered("sub/a.smtp", findings) == []
    assert load("known.json").filtered("sub/b.smtp", findings) == findings


def test_no_text_of_the_file_is_kept(tmp_path):
    baseline = Baseline(str(tmp_path))
    baseline.record(str(tmp_path / "a.smtp"), smtp_lsp.check(BAD.replace(b"mx", b"canary")))
    save(str(tmp_path / "known.json"), baseline)
    assert "canary" not in (tmp_path / "known.json").read_text()


def test_the_editor_knows_the_same_baseline(tmp_path):
    (tmp_path / "smtp-lsp.toml").write_text('baseline = "known.json"\n')
    (tmp_path / "a.smtp").write_bytes(BAD)
    findings = smtp_lsp.check(BAD)
    baseline = Baseline(str(tmp_path))
    baseline.record(str(tmp_path / "a.smtp"), findings)
    save(str(tmp_path / "known.json"), baseline)
    settings = Settings()
    path = str(tmp_path / "a.smtp")
    assert settings.baseline_for(path).filtered(path, findings) == []
    (tmp_path / "known.json").write_text("broken")
    settings.forget_files()
    assert settings.baseline_for(path).filtered(path, findings) == findings
    assert "known.json" in next(iter(settings.broken.values())).why
