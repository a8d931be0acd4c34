--- What the client is made of, the same on every version of Neovim.
local M = {}

M.NAME = "smtp_lsp"
M.ROOT_MARKERS = { "smtp-lsp.toml", ".smtp-lsp.toml", "pyproject.toml", ".git" }

--- The options of `setup()`.
M.options = {
  cmd = { "smtp-lsp", "serve" },
  settings = {},
  attach_to_mail = false,
  folding = true,
}

--- Say whether the server is to see this buffer. Not one without a name: Neovim calls all of
--- them `file://`, and shows what it is told about that in a buffer `/`.
function M.wants(bufnr)
  if vim.bo[bufnr].buftype ~= "" or vim.api.nvim_buf_get_name(bufnr) == "" then
    return false
  end
  if vim.bo[bufnr].filetype == "mail" then
    return M.options.attach_to_mail and vim.api.nvim_buf_get_name(bufnr):lower():find("%.eml$") ~= nil
  end
  return true
end

--- For `vim.lsp.enable()`: give a root, which may be nil, to a buffer that is wanted. Who named
--- the file type mail in `vim.lsp.config()` wants all of them.
local function root_dir(bufnr, on_dir)
  local named = vim.api.nvim_buf_get_name(bufnr) ~= ""
  local every = vim.bo[bufnr].filetype ~= "smtp" and not M.options.attach_to_mail
  if M.wants(bufnr) or (named and every) then
    on_dir(vim.fs.root(bufnr, vim.lsp.config[M.NAME].root_markers or M.ROOT_MARKERS))
  end
end

--- The language id. A buffer with 'fileformat' mac is sent with its lines joined by CR, which
--- looks exactly like one long line with CRs in it: the suffix says which of the two it is.
local function language_id(bufnr, filetype)
  if vim.bo[bufnr].fileformat == "mac" then
    return filetype .. "-cr"
  end
  return filetype
end

--- Tell the server Neovim's language, which Neovim itself does not.
local function before_init(params)
  local language = (vim.v.lang or ""):match("^(%a%a%a?[_%a]*)")
  if language and #language < 10 and params.locale == nil then
    params.locale = language:gsub("_", "-")
  end
end

--- Return the client's configuration.
function M.client()
  local options = M.options
  local config = {
    name = M.NAME,
    cmd = options.cmd,
    filetypes = options.attach_to_mail and { "smtp", "mail" } or { "smtp" },
    root_markers = M.ROOT_MARKERS,
    root_dir = root_dir,
    get_language_id = language_id,
    before_init = before_init,
  }
  if next(options.settings) then
    local settings = options.settings
    config.settings = settings["smtp-lsp"] and settings or { ["smtp-lsp"] = settings }
    -- Said at once too: when it is asked, Neovim has already taken the first diagnostics.
    config.init_options = config.settings["smtp-lsp"]
  end
  return config
end

return M
