--- `:checkhealth smtp_lsp`
local M = {}

local function run(command)
  local ok, done = pcall(function()
    return vim.system(command, { text = true }):wait(10000)
  end)
  if not ok or done.code ~= 0 then
    return nil
  end
  return vim.trim((done.stdout or "") ~= "" and done.stdout or done.stderr or "")
end

--- The Python that a console script names, as pip and pipx write them.
local function interpreter(script)
  local file = io.open(script, "rb")
  if not file then
    return nil
  end
  local first, second = file:read("*l"), file:read("*l")
  file:close()
  local found = (first or ""):match("^#!%s*(%S*python%S*)")
  return found or (second or ""):match("exec'?%s+\"?([^\"]*python[^\"%s]*)")
end

local function check_neovim()
  vim.health.start("Neovim")
  local version = tostring(vim.version())
  if vim.fn.has("nvim-0.11") == 1 then
    vim.health.ok(version .. ": started by vim.lsp.enable()")
  elseif vim.fn.has("nvim-0.10") == 1 then
    vim.health.ok(version .. ": started by an autocommand; folding by the server needs 0.11")
  else
    vim.health.error(version .. " is too old: 0.10 or later is needed")
  end
end

local function check_server(cmd)
  vim.health.start("Server")
  if type(cmd) == "function" then
    vim.health.info("`cmd` is a function: nothing is checked")
    return
  end
  local script = vim.fn.exepath(cmd[1])
  if script == "" then
    vim.health.error(cmd[1] .. " cannot be run", {
      "Install it: pipx install smtp-lsp",
      'Or say where it is: require("smtp_lsp").setup({ cmd = { "/path/to/smtp-lsp", "serve" } })',
    })
    local python = run({ "python3", "--version" })
    vim.health.info("python3 on the PATH: " .. (python or "none") .. "; smtp-lsp needs 3.11 or later")
    return
  end
  local version = run({ script, "--version" })
  if version then
    vim.health.ok(("%s (%s)"):format(version, script))
  else
    vim.health.error(script .. " --version fails", { "Run it in a terminal to see why." })
  end
  local python = interpreter(vim.fn.resolve(script))
  local said = python and run({ python, "--version" })
  if said then
    vim.health.ok(("%s (%s)"):format(said, python))
  else
    vim.health.info("which Python runs it cannot be told from the file")
  end
end

local function check_filetypes()
  vim.health.start("File types")
  for _, name in ipairs({ "a.smtp", "a.bsmtp", "a.smtp.log" }) do
    local filetype = vim.filetype.match({ filename = name })
    if filetype == "smtp" then
      vim.health.ok(name:sub(2) .. ": smtp")
    else
      vim.health.warn(("%s: %s, and not smtp"):format(name:sub(2), filetype or "none"))
    end
  end
  local attach = require("smtp_lsp.config").options.attach_to_mail
  vim.health.info(
    (".eml: %s; the server %s (option attach_to_mail)"):format(
      vim.filetype.match({ filename = "a.eml" }) or "none",
      attach and "attaches to it" or "does not attach to it"
    )
  )
end

local function describe(status)
  if type(status) ~= "table" then
    return "no answer to smtp-lsp.status"
  end
  local parts = {}
  local function add(label, value)
    if value ~= nil and value ~= vim.NIL and value ~= "" then
      parts[#parts + 1] = label .. tostring(value)
    end
  end
  add("", status.kind)
  local dialect = status.dialect_title
  add("dialect ", dialect ~= vim.NIL and dialect or status.dialect)
  add("profile ", status.profile)
  add("sessions: ", status.sessions)
  return table.concat(parts, ", ")
end

local function check_clients()
  vim.health.start("Clients")
  local clients = vim.lsp.get_clients({ name = "smtp_lsp" })
  if #clients == 0 then
    vim.health.info("none runs: open a transcript to start one")
  end
  for _, client in ipairs(clients) do
    vim.health.ok(
      ("client %d, positions in %s, root %s"):format(
        client.id,
        client.offset_encoding or "?",
        client.config.root_dir or "none (single files)"
      )
    )
    for bufnr in pairs(client.attached_buffers or {}) do
      if vim.api.nvim_buf_is_valid(bufnr) then
        local status = require("smtp_lsp").execute_sync(
          "smtp-lsp.status",
          { vim.uri_from_bufnr(bufnr) },
          client,
          2000
        )
        local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ":~:.")
        vim.health.info(("buffer %d, %s: %s"):format(bufnr, name ~= "" and name or "unnamed", describe(status)))
      end
    end
  end
end

function M.check()
  check_neovim()
  check_server(require("smtp_lsp").config().cmd)
  check_filetypes()
  check_clients()
end

return M
