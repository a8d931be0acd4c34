if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

vim.bo.comments = ":#"
vim.bo.commentstring = "# %s"
-- A line of a transcript is a line of the protocol: it is not broken while typing.
vim.opt_local.formatoptions:remove({ "t", "c" })
vim.b.undo_ftplugin = "setlocal comments< commentstring< formatoptions<"
