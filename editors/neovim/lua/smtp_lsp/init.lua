--- smtp-lsp in Neovim: `require("smtp_lsp").setup({ ... })` is optional.
local config = require("smtp_lsp.config")

local M = {}

local HAS_ENABLE = vim.fn.has("nvim-0.11") == 1

-- Completed where the server cannot be asked.
local CODES = vim.split(
  "211 214 220 221 235 250 251 252 334 354 421 432 450 451 452 453 454 455 458 459 500 501 502 503"
    .. " 504 521 523 524 525 530 533 534 535 538 550 551 552 553 554 555 556",
  " "
)
local WORDS = vim.split(
  "AUTH BDAT BURL DATA EHLO ETRN EXPN HELO HELP LHLO MAIL NOOP QUIT RCPT RSET STARTTLS VRFY XCLIENT"
    .. " 8BITMIME BINARYMIME CHUNKING DSN ENHANCEDSTATUSCODES PIPELINING REQUIRETLS SIZE SMTPUTF8",
  " "
)

local group = vim.api.nvim_create_augroup("smtp_lsp", { clear = true })
local complained = {}

local function say(message, level)
  vim.notify("smtp-lsp: " .. message, level or vim.log.levels.WARN)
end

-- -- clients ------------------------------------------------------------------------------------

--- The configuration in force: what `vim.lsp.config()` was told too, where there is that.
function M.config()
  if HAS_ENABLE then
    return vim.lsp.config[config.NAME] or config.client()
  end
  return config.client()
end

--- Say once, and not at every file, that the server cannot be found.
local function executable_found()
  local cmd = M.config().cmd
  if type(cmd) ~= "table" or vim.fn.executable(cmd[1]) == 1 then
    return true
  end
  if not complained[cmd[1]] then
    complained[cmd[1]] = true
    vim.schedule(function()
      say(
        ("%s cannot be run. Install it, for instance with `pipx install smtp-lsp`, or say where it is"
          .. " with `cmd`. See :checkhealth smtp_lsp"):format(cmd[1])
      )
    end)
  end
  return false
end

--- Start the server for a buffer, or give it to one that runs. For Neovim 0.10.
local function start(bufnr)
  if not config.wants(bufnr) or not executable_found() then
    return
  end
  local client = config.client()
  client.root_dir = vim.fs.root(bufnr, config.ROOT_MARKERS)
  client.filetypes, client.root_markers = nil, nil
  return vim.lsp.start(client, { bufnr = bufnr })
end

local function each_buffer(callback)
  for _, bufnr in ipairs(vim.api.nvim_list_bufs()) do
    local filetype = vim.api.nvim_buf_is_loaded(bufnr) and vim.bo[bufnr].filetype
    if filetype == "smtp" or filetype == "mail" then
      callback(bufnr)
    end
  end
end

--- Enable the server for transcripts, and for *.eml if that is wanted.
function M.enable()
  local before = M.enabled
  M.enabled = true
  if HAS_ENABLE then
    vim.lsp.enable(config.NAME)
    return
  end
  if not before then
    vim.api.nvim_create_autocmd("FileType", {
      group = group,
      pattern = { "smtp", "mail" },
      callback = function(args)
        start(args.buf)
      end,
    })
  end
  if vim.v.vim_did_enter == 1 then
    each_buffer(start)
  end
end

--- Take the options; see `:help smtp_lsp-setup`.
function M.setup(options)
  options = options or {}
  for key in pairs(options) do
    if config.options[key] == nil then
      say(("there is no option `%s`; see :help smtp_lsp-setup"):format(key))
    end
  end
  if type(options.cmd) == "string" then
    options = vim.tbl_extend("force", options, { cmd = { options.cmd, "serve" } })
  end
  config.options = vim.tbl_extend("force", config.options, options)
  complained = {}
  if HAS_ENABLE then
    -- Only what was said: the rest stays with lsp/smtp_lsp.lua and the user's vim.lsp.config().
    local made, changed = config.client(), {}
    changed.cmd = options.cmd and made.cmd or nil
    changed.settings = options.settings and made.settings or nil
    changed.init_options = options.settings and made.init_options or nil
    changed.filetypes = options.attach_to_mail ~= nil and made.filetypes or nil
    vim.lsp.config(config.NAME, changed)
  end
  if not vim.g.smtp_lsp_no_enable then
    M.enable()
  end
end

local function get_clients(filter)
  return vim.lsp.get_clients(vim.tbl_extend("force", { name = config.NAME }, filter or {}))
end

--- Stop the server and start it again for all buffers that it had or should have.
function M.restart()
  complained = {}
  for _, client in ipairs(get_clients()) do
    if HAS_ENABLE then
      client:stop()
    else
      client.stop()
    end
  end
  vim.wait(2000, function()
    return #get_clients() == 0
  end, 20)
  for _, client in ipairs(get_clients()) do
    vim.lsp.stop_client(client.id, true)
  end
  if not executable_found() then
    return
  end
  if HAS_ENABLE then
    if M.enabled or (vim.lsp.is_enabled and vim.lsp.is_enabled(config.NAME)) then
      vim.lsp.enable(config.NAME, false)
      vim.lsp.enable(config.NAME)
    end
  elseif M.enabled then
    each_buffer(start)
  end
end

-- -- asking the server --------------------------------------------------------------------------

--- Return a client that can be asked: this buffer's, any other, or one started for the purpose.
local function a_client()
  local client = get_clients({ bufnr = 0 })[1] or get_clients()[1]
  if client then
    return client
  end
  if not executable_found() then
    return nil
  end
  local wanted = vim.deepcopy(M.config())
  wanted.root_dir, wanted.filetypes, wanted.root_markers = vim.fn.getcwd(), nil, nil
  local id
  if HAS_ENABLE then
    id = vim.lsp.start(wanted, { attach = false })
  else
    id = vim.lsp.start_client(wanted)
  end
  client = id and vim.lsp.get_client_by_id(id)
  local ready = client and vim.wait(5000, function()
    return client.initialized
  end, 20)
  if not ready then
    say("the server does not start; see :checkhealth smtp_lsp")
  end
  return ready and client or nil
end

--- Have the server execute a command; `callback(error, result)`.
function M.execute(command, arguments, callback, client)
  client = client or a_client()
  if not client then
    return
  end
  local params = { command = command, arguments = arguments }
  local function handler(err, result)
    callback(err, result ~= vim.NIL and result or nil)
  end
  if HAS_ENABLE then
    client:request("workspace/executeCommand", params, handler)
  else
    client.request("workspace/executeCommand", params, handler)
  end
end

--- The same, waiting for the answer; nil where there is none.
function M.execute_sync(command, arguments, client, timeout)
  local answered, result = false, nil
  M.execute(command, arguments, function(err, value)
    answered, result = true, not err and value or nil
  end, client)
  vim.wait(timeout or 1000, function()
    return answered
  end, 10)
  return result
end

local function show(markdown)
  local lines = vim.split(vim.trim(markdown), "\n")
  vim.lsp.util.open_floating_preview(lines, "markdown", {
    border = "rounded",
    focus_id = "smtp-lsp",
    max_width = math.min(100, vim.o.columns - 4),
    wrap = true,
  })
end

--- The thing under the cursor: a code, an enhanced code, a verb, a keyword, a rule.
function M.thing_at_cursor()
  local column = vim.api.nvim_win_get_cursor(0)[2] + 1
  local line = vim.api.nvim_get_current_line()
  local init = 1
  while true do
    local from, to = line:find("[%w][%w%.%-_]*", init)
    if not from or from > column then
      return nil
    end
    if column <= to then
      local word = line:sub(from, to):gsub("[%.%-_]+$", "")
      local code, rest = word:match("^([2-5]%d%d)%-(.+)$")
      if code then -- 250-PIPELINING: which of the two is meant?
        return column < from + 4 and code or rest
      end
      return word
    end
    init = to + 1
  end
end

--- Show what a thing means.
function M.explain(thing)
  thing = thing and thing ~= "" and thing or M.thing_at_cursor()
  if not thing then
    say("there is nothing under the cursor to explain", vim.log.levels.INFO)
    return
  end
  M.execute("smtp-lsp.explain", { thing }, function(err, result)
    if err then
      say(err.message or "the server could not answer")
    elseif not result then
      say(("there is no page on `%s`"):format(thing), vim.log.levels.INFO)
    else
      show(result)
    end
  end)
end

--- Show two reply codes side by side.
function M.compare(first, second)
  M.execute("smtp-lsp.compare", { first, second }, function(err, result)
    if err or not result then
      say(err and err.message or "two reply codes are wanted, such as 252 and 354")
    else
      show(result)
    end
  end)
end

local known_codes

--- The codes that begin with `lead`, as the running server knows them.
function M.complete_codes(lead)
  local client = get_clients()[1]
  if not known_codes and client then
    local answer = M.execute_sync("smtp-lsp.codes", {}, client)
    if type(answer) == "table" and #answer > 0 then
      known_codes = {}
      for _, each in ipairs(answer) do
        known_codes[#known_codes + 1] = tostring(each.code)
      end
    end
  end
  return vim.tbl_filter(function(code)
    return vim.startswith(code, lead)
  end, known_codes or CODES)
end

local function complete_things(lead)
  local found = M.complete_codes(lead)
  for _, word in ipairs(WORDS) do
    if vim.startswith(word, lead:upper()) then
      found[#found + 1] = word
    end
  end
  return found
end

-- -- what happens by itself ---------------------------------------------------------------------

local function client_folds(client)
  if HAS_ENABLE then
    return client:supports_method("textDocument/foldingRange")
  end
  return false
end

--- Fold by what the server offers, open at first; a fold method of the user's stays.
local function fold(bufnr)
  if not config.options.folding or not vim.lsp.foldexpr or vim.bo[bufnr].filetype ~= "smtp" then
    return
  end
  for _, client in ipairs(get_clients({ bufnr = bufnr })) do
    if client_folds(client) then
      for _, window in ipairs(vim.fn.win_findbuf(bufnr)) do
        if vim.wo[window].foldmethod == "manual" then
          vim.wo[window][0].foldmethod = "expr"
          vim.wo[window][0].foldexpr = "v:lua.vim.lsp.foldexpr()"
          vim.wo[window][0].foldlevel = 99
        end
      end
    end
  end
end

--- Send a buffer anew: Neovim tells nobody that 'fileformat' changed the line ends of the text.
local function send_anew(bufnr)
  for _, client in ipairs(get_clients({ bufnr = bufnr })) do
    vim.lsp.buf_detach_client(bufnr, client.id)
    vim.lsp.buf_attach_client(bufnr, client.id)
  end
end

--- Neovim (0.10, 0.11) asks for the diagnostics of a buffer when it was opened only if that is the
--- current one by then: with `nvim -O a.smtp b.smtp` one of the two would stay without. Nor does it
--- ask when a hidden buffer is shown: those are marked as unseen, and sent anew by then.
local function ask_for_other_window(client, bufnr)
  vim.schedule(function()
    if vim.api.nvim_buf_is_loaded(bufnr) and bufnr ~= vim.api.nvim_get_current_buf() then
      vim.api.nvim_exec_autocmds("LspNotify", {
        buffer = bufnr,
        modeline = false,
        data = { client_id = client.id, method = "textDocument/didOpen", params = {} },
      })
    end
  end)
end

--- Tell of a configuration file that was written here: on Linux Neovim watches no files for a
--- server, and up to 0.11 it cannot be asked to take its diagnostics anew.
local function configuration_written(path)
  local params = { changes = { { uri = vim.uri_from_fname(path), type = 2 } } }
  for _, client in ipairs(get_clients()) do
    if HAS_ENABLE then
      client:notify("workspace/didChangeWatchedFiles", params)
    else
      client.notify("workspace/didChangeWatchedFiles", params)
    end
    for bufnr in pairs(client.attached_buffers or {}) do
      vim.lsp.buf_detach_client(bufnr, client.id)
      vim.lsp.buf_attach_client(bufnr, client.id)
    end
  end
end

--- Register the commands and autocommands; called once by plugin/smtp_lsp.lua.
function M.register()
  local command = vim.api.nvim_create_user_command
  command("SmtpExplain", function(args)
    M.explain(args.args)
  end, { nargs = "?", complete = complete_things, desc = "Show what a reply code, verb or rule means" })
  command("SmtpCompare", function(args)
    if #args.fargs ~= 2 then
      say("two reply codes are wanted, such as :SmtpCompare 252 354")
    else
      M.compare(args.fargs[1], args.fargs[2])
    end
  end, { nargs = "+", complete = M.complete_codes, desc = "Compare two reply codes" })
  command("SmtpRestart", M.restart, { desc = "Restart smtp-lsp" })

  local on = vim.api.nvim_create_autocmd
  on("LspAttach", {
    group = group,
    callback = function(args)
      local client = vim.lsp.get_client_by_id(args.data.client_id)
      if client and client.name == config.NAME then
        local shown = #vim.fn.win_findbuf(args.buf) > 0
        vim.b[args.buf].smtp_lsp_unseen = not shown or nil
        if shown then
          ask_for_other_window(client, args.buf)
        end
        fold(args.buf)
      end
    end,
  })
  on("BufWinEnter", {
    group = group,
    callback = function(args)
      if vim.b[args.buf].smtp_lsp_unseen then
        send_anew(args.buf)
      end
      fold(args.buf)
    end,
  })
  on("OptionSet", {
    group = group,
    pattern = "fileformat",
    callback = function()
      if vim.v.option_old ~= vim.v.option_new then
        send_anew(vim.api.nvim_get_current_buf())
      end
    end,
  })
  on("BufWritePost", {
    group = group,
    pattern = { "smtp-lsp.toml", ".smtp-lsp.toml", "pyproject.toml" },
    callback = function(args)
      configuration_written(vim.fn.fnamemodify(args.match, ":p"))
    end,
  })
  on("FileType", {
    group = group,
    pattern = { "smtp", "mail" },
    callback = function(args)
      if not M.enabled or vim.bo[args.buf].buftype ~= "" then
        return
      end
      if vim.api.nvim_buf_get_name(args.buf) == "" then
        if args.match == "smtp" and not complained[args.buf] then
          complained[args.buf] = true
          say("a buffer that has no name is not checked; give it one with :file or :write", vim.log.levels.INFO)
        end
      elseif HAS_ENABLE and config.wants(args.buf) then
        executable_found() -- Neovim itself says so in its log alone
      end
    end,
  })
  on({ "BufFilePost", "BufWritePost" }, {
    group = group,
    callback = function(args)
      if M.enabled and complained[args.buf] then
        complained[args.buf] = nil
        vim.schedule(function()
          if vim.api.nvim_buf_is_loaded(args.buf) and vim.bo[args.buf].filetype == "smtp" then
            vim.bo[args.buf].filetype = "smtp"
          end
        end)
      end
    end,
  })
end

return M
