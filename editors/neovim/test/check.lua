-- Run by test.sh inside a real Neovim: NAME of a scenario in $SCENARIO, a folder in $WORK.
-- Prints one line per check; leaves with 1 when one failed.
local api, fn = vim.api, vim.fn
local work, scenario = vim.env.WORK, vim.env.SCENARIO
local label = "neovim " .. tostring(vim.version()):gsub("%+.*", "") .. " " .. scenario .. ": "
local failed = 0
local NEW = fn.has("nvim-0.11") == 1

local messages = {}
vim.notify = function(text)
  messages[#messages + 1] = text
end

local function check(name, test)
  local ok, why = xpcall(test, function(err)
    return type(err) == "string" and err or vim.inspect(err)
  end)
  if ok then
    io.stdout:write("ok   ", label, name, "\n")
  else
    failed = failed + 1
    io.stdout:write("FAIL ", label, name, "\n     ", tostring(why):gsub("\n", "\n     "), "\n")
  end
end

local function wait(condition, ms)
  return vim.wait(ms or 10000, condition, 20)
end

local function equal(got, wanted, what)
  if not vim.deep_equal(got, wanted) then
    error(("%sgot %s, wanted %s"):format(what and what .. ": " or "", vim.inspect(got), vim.inspect(wanted)), 2)
  end
end

local function clients(bufnr)
  return vim.lsp.get_clients({ bufnr = bufnr or 0, name = "smtp_lsp" })
end

local function put(name, text)
  local path = work .. "/" .. name
  fn.mkdir(fn.fnamemodify(path, ":h"), "p")
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  return path
end

local function edit(path)
  vim.cmd.edit(fn.fnameescape(path))
  return api.nvim_get_current_buf()
end

--- Neovim 0.11 stumbles over folds that arrive for a buffer that is gone: let them arrive first.
local function wipe()
  vim.wait(300)
  vim.cmd("bwipeout!")
end

--- What is marked where, as "CODE line:column marked text", by the buffer's own lines.
local function marked(bufnr)
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(bufnr or 0)) do
    local line = api.nvim_buf_get_lines(bufnr or 0, each.lnum, each.lnum + 1, false)[1]
    local last = each.end_lnum == each.lnum and each.end_col or -1
    local text = line and line:sub(each.col + 1, last) or "(no such line)"
    found[#found + 1] = ("%s %d:%d %s"):format(each.code, each.lnum + 1, each.col + 1, text)
  end
  table.sort(found)
  return found
end

local function expect_marks(wanted, bufnr)
  table.sort(wanted)
  wait(function()
    return vim.deep_equal(marked(bufnr), wanted)
  end, 5000)
  equal(marked(bufnr), wanted)
end

local function float()
  for _, window in ipairs(api.nvim_list_wins()) do
    if api.nvim_win_get_config(window).relative ~= "" then
      return window
    end
  end
end

local function close_floats()
  local window = float()
  while window do
    api.nvim_win_close(window, true)
    window = float()
  end
end

--- Run something that opens a float; return its text.
local function floating(action)
  close_floats()
  action()
  assert(wait(float, 5000), "no float; messages: " .. vim.inspect(messages))
  local lines = api.nvim_buf_get_lines(api.nvim_win_get_buf(float()), 0, -1, false)
  close_floats()
  return table.concat(lines, "\n")
end

local function contains(text, ...)
  for _, part in ipairs({ ... }) do
    assert(text:find(part, 1, true), ("no %q in:\n%s"):format(part, text))
  end
end

local function supports(method)
  local client = clients()[1]
  if NEW then
    return client:supports_method(method)
  end
  return client.supports_method(method)
end

--- Expect a semantic token at a place to cover this text, where the server offers tokens.
local function expect_token(line, column, wanted)
  if not supports("textDocument/semanticTokens/full") then
    return
  end
  local function covered()
    local found = (vim.lsp.semantic_tokens.get_at_pos(0, line - 1, column - 1) or {})[1]
    local text = found and api.nvim_buf_get_lines(0, found.line, found.line + 1, false)[1]
    return text and text:sub(found.start_col + 1, found.end_col)
  end
  wait(function()
    return covered() == wanted
  end, 3000)
  equal(covered(), wanted, ("token at %d:%d"):format(line, column))
end

local function finish()
  io.stdout:flush()
  vim.cmd(failed > 0 and "cquit 1" or "qall!")
end

local SESSION = {
  "S: 220 mx.example.test ESMTP",
  "C: EHLO client.example.org",
  "S: 250-mx.example.test",
  "S: 250 PIPELINING",
  "C: RCPT TO:<bob@example.test>",
  "S: 503 5.5.1 need MAIL",
  "C: MAIL FROM:<alice@example.org>",
  "S: 250 ok",
  "C: DATA",
  "S: 503 5.5.1 need RCPT",
  "C: QUIT",
  "S: 221 Bye",
}
local MARKS = { "SEQ003 5:4 RCPT", "SEQ001 9:4 DATA" }
local function session(ending, changes)
  local lines = vim.list_extend({}, SESSION)
  for index, line in pairs(changes or {}) do
    lines[index] = line
  end
  return table.concat(lines, ending or "\n") .. (ending or "\n")
end

local DOTS = table.concat({
  "S: 220 mx.example.test ESMTP",
  "C: EHLO client.example.org",
  "S: 250 mx.example.test",
  "C: MAIL FROM:<alice@example.org>",
  "S: 250 ok",
  "C: RCPT TO:<bob@example.test>",
  "S: 250 ok",
  "C: DATA",
  "S: 354 go",
  "C: From: alice@example.org",
  "C: Date: Mon, 02 Mar 2026 10:00:00 +0000",
  "C: Subject: dots",
  "C:",
  "C: .profile is a file",
  "C: .",
  "S: 250 queued",
  "C: QUIT",
  "S: 221 Bye",
  "",
}, "\n")
local MESSAGE = "From: a@example.org\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nSubject: x\nFrom: b@example.org\n\nHello\n"

local scenarios = {}

-- -- the plugin as a plugin manager puts it ------------------------------------------------------

function scenarios.plugin()
  local path = put("a b/my [first] session, 100%.smtp", session())
  local buf = edit(path)

  check("file types", function()
    equal(vim.bo.filetype, "smtp")
    for name, wanted in pairs({ ["a.bsmtp"] = "smtp", ["b.smtp.log"] = "smtp", ["c.eml"] = "mail" }) do
      equal(vim.filetype.match({ filename = name }), wanted, name)
    end
    equal(vim.bo.commentstring, "# %s")
  end)
  check("attaches, in a path with blanks and brackets", function()
    assert(wait(function()
      return #clients() == 1 and clients()[1].initialized
    end), "no client; messages: " .. vim.inspect(messages))
  end)
  check("diagnostics, at their columns", function()
    expect_marks(MARKS)
  end)
  check("semantic tokens", function()
    expect_token(5, 4, "RCPT")
    expect_token(9, 4, "DATA")
  end)
  check("hover by request", function()
    local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 9, character = 4 } }
    local _, answer = next(vim.lsp.buf_request_sync(0, "textDocument/hover", params, 5000) or {})
    contains(vim.inspect(answer), "503")
  end)
  check("hover as a float", function()
    api.nvim_win_set_cursor(0, { 10, 4 })
    contains(floating(vim.lsp.buf.hover), "503")
  end)
  check(":SmtpExplain 550", function()
    contains(floating(function()
      vim.cmd("SmtpExplain 550")
    end), "550")
  end)
  check(":SmtpExplain under the cursor", function()
    for text, at in pairs({
      ["503"] = { 6, 4 },
      ["5.5.1"] = { 6, 9 },
      PIPELINING = { 4, 10 },
      RCPT = { 5, 4 },
    }) do
      api.nvim_win_set_cursor(0, at)
      equal(require("smtp_lsp").thing_at_cursor(), text)
      contains(floating(function()
        vim.cmd("SmtpExplain")
      end), text)
    end
    api.nvim_win_set_cursor(0, { 3, 4 })
    equal(require("smtp_lsp").thing_at_cursor(), "250")
    api.nvim_win_set_cursor(0, { 12, 2 })
    equal(require("smtp_lsp").thing_at_cursor(), nil)
  end)
  check(":SmtpExplain of nothing known says so", function()
    messages = {}
    vim.cmd("SmtpExplain no-such-thing")
    assert(wait(function()
      return #messages > 0
    end, 5000), "no message")
    equal(messages, { "smtp-lsp: there is no page on `no-such-thing`" })
    messages = {}
  end)
  check(":SmtpCompare 252 354", function()
    contains(floating(function()
      vim.cmd("SmtpCompare 252 354")
    end), "252", "354")
  end)
  check(":SmtpCompare with one code, with no codes", function()
    messages = {}
    vim.cmd("SmtpCompare 252")
    vim.cmd("SmtpCompare hello world")
    assert(wait(function()
      return #messages == 2
    end, 5000), vim.inspect(messages))
    contains(messages[1], "two reply codes")
    contains(messages[2], "two reply codes")
    messages = {}
  end)
  check("completion of codes", function()
    local found = fn.getcompletion("SmtpCompare 25", "cmdline")
    assert(vim.tbl_contains(found, "250") and vim.tbl_contains(found, "252"), vim.inspect(found))
    assert(not vim.tbl_contains(found, "354"), vim.inspect(found))
    assert(vim.tbl_contains(fn.getcompletion("SmtpExplain start", "cmdline"), "STARTTLS"))
  end)
  check("edits stay in sync", function()
    api.nvim_buf_set_lines(0, 0, 0, false, { "# a remark: é📧" })
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    api.nvim_buf_set_lines(0, 11, 11, false, { "C: NOOP", "S: 250 ok # smtp-lsp: ignore[lone-dot]" })
    api.nvim_buf_set_text(0, 12, 6, 12, 6, { " é📧" })
    expect_marks({
      "SEQ003 6:4 RCPT",
      "SEQ001 10:4 DATA",
      "TRN003 13:" .. #"S: 250 é📧 ok " + 1 .. " # smtp-lsp: ignore[lone-dot]",
    })
    api.nvim_buf_set_lines(0, 0, -1, false, vim.split(vim.trim(session()), "\n"))
    expect_marks(MARKS)
  end)
  check("changed 'fileformat' stays in sync", function()
    vim.bo.fileformat = "dos"
    vim.wait(200)
    api.nvim_buf_set_lines(0, 0, 0, false, { "# a remark" })
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    vim.bo.fileformat = "unix"
    vim.wait(200)
    api.nvim_buf_set_lines(0, 0, 1, false, {})
    expect_marks(MARKS)
  end)
  check("quick fix", function()
    edit(put("dots.smtp", DOTS))
    expect_marks({ "DOT003 14:4 ." })
    api.nvim_win_set_cursor(0, { 14, 3 })
    vim.lsp.buf.code_action({
      apply = true,
      context = { only = { "quickfix" }, diagnostics = {} },
    })
    assert(wait(function()
      return vim.bo.modified
    end, 5000), "nothing changed")
    equal(table.concat(api.nvim_buf_get_lines(0, 0, -1, false), "\n") .. "\n", (DOTS:gsub("C: %.profile", "C: ..profile")))
    expect_marks({})
  end)
  check("folding", function()
    if not NEW or not supports("textDocument/foldingRange") then
      equal(vim.wo.foldmethod, "manual")
      io.stdout:write("     (not offered: ", NEW and "the server does not fold" or "Neovim 0.10 cannot", ")\n")
      return
    end
    equal(vim.wo.foldmethod, "expr")
    assert(wait(function()
      vim.cmd("normal! zx")
      for line = 1, fn.line("$") do
        if fn.foldlevel(line) > 0 then
          return true
        end
      end
    end, 5000), "no line is in a fold")
    equal(fn.foldclosed(fn.line("$")), -1, "open at first")
    vim.cmd("vsplit | close")
  end)
  check("a buffer without a name: one message, checked once it has one", function()
    messages = {}
    local buffers = #api.nvim_list_bufs()
    vim.cmd.enew()
    api.nvim_buf_set_lines(0, 0, -1, false, SESSION)
    vim.bo.filetype = "smtp"
    vim.bo.filetype = "smtp"
    vim.wait(500)
    equal(#clients(), 0)
    equal(#messages, 1)
    contains(messages[1], "no name")
    equal(#api.nvim_list_bufs(), buffers + 1, "buffers")
    vim.cmd("silent write " .. fn.fnameescape(work .. "/a b/saved later.smtp"))
    expect_marks(MARKS)
    api.nvim_buf_set_lines(0, 0, 0, false, { "# a remark" })
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    vim.cmd("silent saveas " .. fn.fnameescape(work .. "/a b/other name.smtp"))
    api.nvim_buf_set_lines(0, 0, 1, false, {})
    expect_marks(MARKS)
    equal(#messages, 1)
    messages = {}
    wipe()
    vim.cmd.enew()
    vim.bo.filetype = "smtp"
    vim.cmd("file " .. fn.fnameescape(work .. "/named.smtp"))
    api.nvim_buf_set_lines(0, 0, -1, false, SESSION)
    expect_marks(MARKS)
    wipe()
  end)
  check("a file that is new", function()
    edit(work .. "/a b/new.smtp")
    equal(vim.bo.filetype, "smtp")
    api.nvim_buf_set_lines(0, 0, -1, false, SESSION)
    expect_marks(MARKS)
    wipe()
  end)
  check("one client for all files of a folder", function()
    vim.cmd.buffer(buf)
    equal(clients()[1].id, clients(fn.bufnr(work .. "/dots.smtp"))[1].id)
  end)
  check("a configuration file that is written", function()
    edit(work .. "/.smtp-lsp.toml")
    api.nvim_buf_set_lines(0, 0, -1, false, { 'ignore = ["SEQ001"]' })
    vim.cmd("silent write")
    vim.cmd.buffer(buf)
    expect_marks({ "SEQ003 5:4 RCPT" })
    vim.cmd("split " .. fn.fnameescape(work .. "/.smtp-lsp.toml"))
    api.nvim_buf_set_lines(0, 0, -1, false, {})
    vim.cmd("silent write")
    expect_marks(MARKS, buf)
    vim.cmd("bwipeout")
    equal(api.nvim_get_current_buf(), buf)
    vim.wait(300)
  end)
  check("two windows at once", function()
    local one, two = put("one.smtp", session()), put("two.smtp", session())
    vim.cmd("tabnew " .. fn.fnameescape(one) .. " | vsplit " .. fn.fnameescape(two))
    expect_marks(MARKS)
    expect_marks(MARKS, fn.bufnr(one))
    vim.wait(300)
    vim.cmd("tabclose")
  end)
  check("checkhealth without errors", function()
    vim.cmd("checkhealth smtp_lsp")
    local text = table.concat(api.nvim_buf_get_lines(0, 0, -1, false), "\n")
    contains(text, "smtp-lsp " .. vim.env.SMTP_LSP_VERSION, "Python 3.", ".smtp: smtp", "client ", "session, 100%.smtp")
    assert(not text:find("ERROR"), text)
    assert(not text:find("WARNING"), text)
    local known = #vim.tbl_filter(function(each)
      return each == "smtp-lsp.status"
    end, vim.lsp.get_clients({ name = "smtp_lsp" })[1].server_capabilities.executeCommandProvider.commands)
    if known > 0 then
      contains(text, "transcript", "dialect ")
    end
    wipe()
  end)
  check("the server is killed: one message, :SmtpRestart", function()
    vim.cmd.buffer(buf)
    messages = {}
    local id = clients()[1].id
    local children = api.nvim_get_proc_children(fn.getpid())
    equal(#children, 1, "servers")
    vim.uv.kill(children[1], "sigkill")
    assert(wait(function()
      return #clients() == 0
    end, 5000), "the client is still there")
    api.nvim_buf_set_lines(0, 0, 0, false, { "# typed while it is away" })
    vim.wait(300)
    assert(#messages <= 1, vim.inspect(messages))
    vim.cmd("SmtpRestart")
    assert(wait(function()
      return #clients() == 1 and clients()[1].id ~= id
    end, 5000), "no new client")
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
  end)
  check(":SmtpRestart of a running server", function()
    local id = clients()[1].id
    vim.cmd("SmtpRestart")
    assert(wait(function()
      return #clients() == 1 and clients()[1].id ~= id
    end, 5000), "no new client")
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    local hidden = fn.bufnr(work .. "/dots.smtp")
    api.nvim_buf_set_lines(hidden, 13, 14, false, { "C: .other is a file" })
    vim.cmd.buffer(hidden)
    expect_marks({ "DOT003 14:4 ." })
  end)
  check("nothing else was said", function()
    equal(vim.v.errmsg, "")
    messages = vim.tbl_filter(function(text)
      return not text:find("signal 9")
    end, messages)
    equal(messages, {})
  end)
end

-- -- syntax, without any server ------------------------------------------------------------------

function scenarios.syntax()
  local lines = {
    "# a remark",
    "S: 250-SIZE 1000",
    "C: MAIL FROM:<a@example.org> SIZE=5",
    "S: 451 4.7.1 later",
    "S: 550 5.1.1 <b@example.test>: unknown",
    "<~  354 go",
    " ~> EHLO client",
    "=== Connected to 127.0.0.1.",
    ">>> QUIT",
    "<<< 221 2.0.0 bye",
    "* Connected to a",
    "< 220 mx",
    "> AUTH PLAIN =",
    "send: 'rcpt TO:<a@b>\\r\\n'",
    "reply: b'550 5.1.1 no\\r\\n'",
    "250 ok",
    "STARTTLS",
    "C: DATA # smtp-lsp: ignore[misordered-data] why",
    "C: Subject: hello",
    "C: .",
    "**> RSET",
    "<** 503 no",
  }
  edit(put("look.smtp", table.concat(lines, "\n") .. "\n"))
  vim.cmd("syntax on")
  local function group(line, text, occurrence)
    local column = 0
    for _ = 1, occurrence or 1 do
      column = assert(lines[line]:find(text, column + 1, true))
    end
    return fn.synIDattr(fn.synID(line, column, 1), "name")
  end
  check("every dialect has its colours", function()
    equal(vim.b.current_syntax, "smtp")
    for _, each in ipairs({
      { 1, "remark", "smtpComment" },
      { 2, "S:", "smtpServerPrefix" },
      { 2, "250", "smtpReply2" },
      { 2, "SIZE", "smtpKeyword" },
      { 3, "C:", "smtpClientPrefix" },
      { 3, "MAIL", "smtpVerb" },
      { 3, "a@", "smtpPath" },
      { 3, "SIZE", "smtpParameter" },
      { 4, "451", "smtpReply4" },
      { 4, "4.7.1", "smtpEnhanced" },
      { 5, "550", "smtpReply5" },
      { 5, "5.1.1", "smtpEnhanced" },
      { 6, "<~", "smtpServerPrefix" },
      { 6, "354", "smtpReply3" },
      { 7, "~>", "smtpClientPrefix" },
      { 7, "EHLO", "smtpVerb" },
      { 8, "Connected", "smtpNote" },
      { 9, ">>>", "smtpClientPrefix" },
      { 9, "QUIT", "smtpVerb" },
      { 10, "<<<", "smtpServerPrefix" },
      { 10, "221", "smtpReply2" },
      { 11, "Connected", "smtpNote" },
      { 12, "220", "smtpReply2" },
      { 13, "AUTH", "smtpVerb" },
      { 13, "PLAIN", "smtpMechanism" },
      { 14, "rcpt", "smtpVerb" },
      { 14, "\\r", "smtpWrittenEnd" },
      { 15, "550", "smtpReply5" },
      { 15, "5.1.1", "smtpEnhanced" },
      { 16, "250", "smtpReply2" },
      { 17, "STARTTLS", "smtpVerb" },
      { 18, "DATA", "smtpVerb" },
      { 18, "ignore", "smtpDirective" },
      { 18, "misordered", "smtpDirectiveNames" },
      { 18, "why", "smtpComment" },
      { 19, "Subject", "smtpHeader" },
      { 20, ".", "smtpDot" },
      { 21, "RSET", "smtpVerb" },
      { 22, "503", "smtpReply5" },
    }) do
      equal(group(each[1], each[2]), each[3], ("line %d, %s"):format(each[1], each[2]))
    end
  end)
  check("help has its tags", function()
    for _, tag in ipairs({ "smtp_lsp", "smtp_lsp-setup", ":SmtpExplain", ":SmtpCompare", ":SmtpRestart" }) do
      vim.cmd("help " .. tag)
      equal(fn.expand("%:t"), "smtp_lsp.txt", tag)
    end
  end)
end

-- -- bare CRs -----------------------------------------------------------------------------------

function scenarios.cr()
  local bare = { [6] = "S: 503 5.5.1 need\rMAIL", [10] = "S: 503 5.5.1 need\rRCPT" }
  local function insert_and_append()
    -- Typed behind the CR of line 6, then a line above: everything moves by one.
    local line = api.nvim_buf_get_lines(0, 5, 6, false)[1]
    api.nvim_buf_set_text(0, 5, #line, 5, #line, { "x" })
    api.nvim_buf_set_lines(0, 0, 0, false, { "# a remark" })
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    -- A command behind a CR of its own line: the mark keeps to the verb.
    api.nvim_buf_set_text(0, 9, 3, 9, 7, { "NOOP" })
    expect_marks({ "SEQ003 6:4 RCPT", "RPL001 11:4 503" })
    api.nvim_buf_set_text(0, 9, 3, 9, 7, { "DATA" })
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
  end
  local mixed = {}
  for index, line in ipairs(SESSION) do
    mixed[#mixed + 1] = line .. (index % 2 == 0 and "\r\n" or "\n")
  end
  for _, each in ipairs({
    { "bare CRs in an LF file", session("\n", bare), "unix" },
    { "bare CRs in a CRLF file", session("\r\n", bare), "dos" },
    { "CRLF and LF mixed", table.concat(mixed), "unix" },
    { "CR CR LF", session("\r\n", { [6] = SESSION[6] .. "\r", [8] = SESSION[8] .. "\r" }), "dos" },
    { "CRLF", session("\r\n"), "dos" },
    { "no LF at the end", (session("\n", bare):gsub("\n$", "")), "unix" },
  }) do
    check(each[1], function()
      edit(put(each[1] .. ".smtp", each[2]))
      equal(vim.bo.fileformat, each[3])
      equal(api.nvim_buf_line_count(0), #SESSION)
      expect_marks(MARKS)
      expect_token(5, 4, "RCPT")
      insert_and_append()
      expect_token(6, 4, "RCPT")
      local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = 10, character = 4 } }
      local _, answer = next(vim.lsp.buf_request_sync(0, "textDocument/hover", params, 5000) or {})
      contains(vim.inspect(answer), "503")
    end)
  end
  check("a fix behind a bare CR", function()
    edit(put("fix.smtp", (DOTS:gsub("client%.", "client\r."))))
    wait(function()
      return vim.tbl_contains(marked(), "DOT003 14:4 .")
    end, 5000)
    assert(vim.tbl_contains(marked(), "DOT003 14:4 ."), vim.inspect(marked()))
    api.nvim_win_set_cursor(0, { 14, 3 })
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action)
        return action.isPreferred
      end,
      context = { only = { "quickfix" }, diagnostics = {} },
    })
    assert(wait(function()
      return vim.bo.modified
    end, 5000), "nothing changed")
    equal(api.nvim_buf_get_lines(0, 1, 2, false)[1], "C: EHLO client\r.example.org")
    equal(api.nvim_buf_get_lines(0, 13, 14, false)[1], "C: ..profile is a file")
  end)

  -- Neovim opens a file whose only line ends are CRs as one line, unless 'fileformats' has mac.
  local function in_one_line(text)
    local at, marks = 0, {}
    for _, each in ipairs({ { "SEQ003", "RCPT" }, { "SEQ001", "DATA" } }) do
      at = assert(text:find(each[2], at + 1, true))
      marks[#marks + 1] = ("%s 1:%d %s"):format(each[1], at, each[2])
    end
    return marks
  end
  for name, text in pairs({ ["all CR"] = session("\r"), ["all CR but the last"] = (session("\r"):gsub("\r$", "")) }) do
    check(name .. ", shown as one line", function()
      edit(put(name .. ".smtp", text))
      equal({ vim.bo.fileformat, api.nvim_buf_line_count(0) }, { "unix", 1 })
      expect_marks(in_one_line(text))
      api.nvim_buf_set_text(0, 0, 0, 0, 0, { "# a remark\r" })
      expect_marks(in_one_line("# a remark\r" .. text))
    end)
    check(name .. ", with 'fileformat' mac", function()
      vim.o.fileformats = "unix,dos,mac"
      edit(put(name .. " mac.smtp", text))
      equal({ vim.bo.fileformat, api.nvim_buf_line_count(0) }, { "mac", #SESSION })
      vim.o.fileformats = "unix,dos"
      expect_marks(MARKS)
      expect_token(5, 4, "RCPT")
      api.nvim_buf_set_lines(0, 0, 0, false, { "# a remark" })
      expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    end)
  end
  check("read again as mac", function()
    edit(put("again.smtp", session("\r")))
    expect_marks(in_one_line(session("\r")))
    vim.cmd("edit ++ff=mac")
    equal(api.nvim_buf_line_count(0), #SESSION)
    expect_marks(MARKS)
    vim.cmd("edit ++ff=unix")
    expect_marks(in_one_line(session("\r")))
  end)
  check("'fileformat' changed to mac and back", function()
    edit(put("there and back.smtp", session()))
    expect_marks(MARKS)
    vim.bo.fileformat = "mac"
    vim.wait(200)
    api.nvim_buf_set_lines(0, 0, 0, false, { "# a remark" })
    expect_marks({ "SEQ003 6:4 RCPT", "SEQ001 10:4 DATA" })
    vim.bo.fileformat = "unix"
    vim.wait(200)
    api.nvim_buf_set_lines(0, 0, 1, false, {})
    expect_marks(MARKS)
  end)
end

-- -- messages -----------------------------------------------------------------------------------

function scenarios.mail()
  check(".eml is left alone", function()
    edit(put("a.eml", MESSAGE))
    equal(vim.bo.filetype, "mail")
    vim.wait(1000)
    equal(#clients(), 0)
  end)
  check("attach_to_mail after the fact", function()
    require("smtp_lsp").setup({ attach_to_mail = true })
    expect_marks({ "HDR005 4:1 From" })
  end)
  check("a mail buffer that is no .eml file is left alone", function()
    edit(put("mutt-host-1000", MESSAGE))
    vim.bo.filetype = "mail"
    vim.wait(700)
    equal(#clients(), 0)
  end)
end

function scenarios.attach_to_mail()
  require("smtp_lsp").setup({
    attach_to_mail = true,
    settings = { severity = { HDR005 = "hint" }, ignore = { "SEQ003" } },
  })
  check("attach_to_mail", function()
    edit(put("a b.eml", MESSAGE))
    equal(vim.bo.filetype, "mail")
    expect_marks({ "HDR005 4:1 From" })
    equal(vim.wo.foldmethod, "manual")
  end)
  check("settings arrive", function()
    assert(wait(function()
      local found = vim.diagnostic.get(0)[1]
      return found and found.severity == vim.diagnostic.severity.HINT
    end, 5000), vim.inspect(vim.diagnostic.get(0)))
    edit(put("settings.smtp", session()))
    expect_marks({ "SEQ001 9:4 DATA" })
  end)
  check("the language id is mail", function()
    equal(clients()[1].get_language_id(fn.bufnr(work .. "/a b.eml"), "mail"), "mail")
  end)
end

-- -- what goes wrong -----------------------------------------------------------------------------

function scenarios.missing()
  require("smtp_lsp").setup({ cmd = { work .. "/no such program", "serve" } })
  check("a server that is missing: one message for all files", function()
    for _, name in ipairs({ "one.smtp", "two.smtp", "three.smtp" }) do
      edit(put(name, session()))
      vim.wait(100)
    end
    vim.cmd("SmtpExplain 250")
    vim.wait(100)
    equal(#messages, 1)
    contains(messages[1], "no such program cannot be run", ":checkhealth")
    equal(vim.v.errmsg, "")
  end)
  check("checkhealth says it", function()
    vim.cmd("checkhealth smtp_lsp")
    local text = table.concat(api.nvim_buf_get_lines(0, 0, -1, false), "\n")
    contains(text, "no such program cannot be run", "pipx install smtp-lsp")
  end)
  check("found after all: :SmtpRestart", function()
    edit(work .. "/one.smtp")
    require("smtp_lsp").setup({ cmd = { "smtp-lsp", "serve" } })
    vim.cmd("SmtpRestart")
    expect_marks(MARKS)
  end)
end

function scenarios.wrong_program()
  messages = {}
  require("smtp_lsp").setup({ cmd = { "false" } })
  check("a program that is no server: a message, and no loop", function()
    edit(put("one.smtp", session()))
    vim.wait(1000)
    assert(#messages <= 1, vim.inspect(messages))
    equal(#clients(), 0)
  end)
end

function scenarios.not_enabled()
  check("vim.g.smtp_lsp_no_enable", function()
    edit(put("one.smtp", session()))
    equal(vim.bo.filetype, "smtp")
    vim.wait(700)
    equal(#clients(), 0)
  end)
  check(":SmtpExplain starts a server of its own", function()
    contains(floating(function()
      vim.cmd("SmtpExplain 354")
    end), "354")
    equal(#clients(0), 0)
    vim.cmd("SmtpRestart")
    vim.wait(500)
    equal(#clients(0), 0)
  end)
  check("enabled by hand", function()
    require("smtp_lsp").enable()
    expect_marks(MARKS)
  end)
end

-- -- what users paste, as it stands ----------------------------------------------------------------

function scenarios.pasted()
  check("a transcript, and a message where the lines ask for it", function()
    edit(put("one.smtp", session()))
    equal(vim.bo.filetype, "smtp")
    expect_marks(MARKS)
    edit(put("one.eml", MESSAGE))
    if vim.env.PASTED_MAIL == "1" then
      expect_marks({ "HDR005 4:1 From" })
    end
    equal(vim.v.errmsg, "")
    equal(messages, {})
  end)
end

api.nvim_create_autocmd("VimEnter", {
  callback = function()
    vim.schedule(function()
      check("the scenario ran", scenarios[scenario:match("^%S+")])
      finish()
    end)
  end,
})
