---@brief
---
--- https://github.com/smtp-lsp/smtp-lsp
---
--- `smtp-lsp`, a language server and linter for SMTP transcripts and raw mail messages.
---
--- It can be installed with `pipx` or `pip`:
---
--- ```sh
--- pipx install smtp-lsp
--- ```
---
--- Neovim has no filetype for transcripts:
---
--- ```lua
--- vim.filetype.add({
---   extension = { smtp = 'smtp', bsmtp = 'smtp' },
---   pattern = { ['.*%.smtp%.log'] = 'smtp' },
--- })
--- ```
---
--- To check messages (`*.eml`) too:
---
--- ```lua
--- vim.lsp.config('smtp_lsp', { filetypes = { 'smtp', 'mail' } })
--- ```
---
---@type vim.lsp.Config
return {
  cmd = { 'smtp-lsp', 'serve' },
  filetypes = { 'smtp' },
  root_markers = { 'smtp-lsp.toml', '.smtp-lsp.toml', 'pyproject.toml', '.git' },
}
