if vim.g.loaded_smtp_lsp then
  return
end
vim.g.loaded_smtp_lsp = true

if vim.fn.has("nvim-0.10") == 0 then
  vim.notify("smtp-lsp: Neovim 0.10 or later is needed", vim.log.levels.WARN)
  return
end

local smtp_lsp = require("smtp_lsp")
smtp_lsp.register()
if not vim.g.smtp_lsp_no_enable and not smtp_lsp.enabled then
  smtp_lsp.enable()
end
