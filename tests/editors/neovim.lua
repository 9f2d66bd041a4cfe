-- Drives Neovim as a user would: opens a Dockerfile, waits for the finding, fixes it, hovers, renames.
-- Arguments by environment: DFLINT (the program), CONFIG (editors/neovim), FILE, FIXED.

local function fail(message)
  io.stderr:write('neovim: ' .. message .. '\n')
  vim.cmd('cquit 1')
end

local function check(condition, message)
  if not condition then
    fail(message)
  end
end

local function wait_for(what, condition)
  check(vim.wait(30000, condition, 20), 'no ' .. what .. ' within 30 seconds')
end

local function buffer()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
end

local function main()
  local config = dofile(vim.env.CONFIG .. '/lsp/dflint.lua')
  check(config.cmd[1] == 'dflint' and vim.tbl_contains(config.filetypes, 'dockerfile'), 'the configuration')
  local cmd = vim.list_extend({ vim.env.DFLINT }, vim.list_slice(config.cmd, 2))
  local settings = vim.tbl_extend('force', config.settings, { dflint = { buildPlatform = 'linux/amd64' } })
  if vim.lsp.enable then
    vim.opt.runtimepath:prepend(vim.env.CONFIG)
    vim.lsp.config('dflint', { cmd = cmd, settings = settings })
    vim.lsp.enable('dflint')
  end
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.FILE))
  check(vim.bo.filetype == 'dockerfile', 'the file type is ' .. vim.bo.filetype)
  if not vim.lsp.enable then
    -- What that does from 0.11 on.
    local client_id = vim.lsp.start_client({
      name = 'dflint', cmd = cmd, root_dir = vim.fn.fnamemodify(vim.env.FILE, ':h'),
      settings = settings, init_options = settings.dflint,
    })
    vim.lsp.buf_attach_client(0, client_id)
  end
  wait_for('finding', function() return #vim.diagnostic.get(0) > 0 end)
  local finding = vim.diagnostic.get(0)[1]
  check(finding.code == 'XC101' or finding.user_data.lsp.code == 'XC101', 'the finding is ' .. vim.inspect(finding))

  -- Hover on FROM.
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, 0 })
  vim.lsp.buf.hover()
  local function hovered()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        return table.concat(lines, '\n')
      end
    end
  end
  wait_for('hover', hovered)
  check(hovered():find('emulated', 1, true), 'the hover is ' .. hovered())
  vim.cmd('only')

  -- The code action, chosen from the menu.
  local chosen
  vim.ui.select = function(items, options, on_choice)
    local title = options.format_item(items[1])
    chosen = title
    on_choice(items[1], 1)
  end
  vim.lsp.buf.code_action()
  local fixed = io.open(vim.env.FIXED):read('a')
  wait_for('fix (' .. vim.inspect(chosen) .. ')', function() return buffer() == fixed end)
  wait_for('end of the finding', function() return #vim.diagnostic.get(0) == 0 end)

  -- Rename the stage.
  vim.fn.search([[AS \zsbuild]], 'w')
  vim.lsp.buf.rename('compile')
  local renamed = fixed:gsub('AS build', 'AS compile'):gsub('%-%-from=build', '--from=compile')
  check(renamed ~= fixed, 'the file has a stage to rename')
  wait_for('rename', function() return buffer() == renamed end)
  vim.cmd('qall!')
end

local ok, message = pcall(main)
if not ok then
  fail(message)
end
