/** `crossdock pr` against repositories of a cloud. */
import { expect, it } from 'vitest'
import { pr } from '../../../src/cli/commands/pr.ts'
import { runCommand } from '../../run-command.ts'
import { startTestCloud } from '../cloud.ts'
import { addressed, gitClient } from '../codecommit/git-client.ts'

const { cloud } = await startTestCloud()

it('opens, lists, shows, merges and refuses', async () => {
  const remote = addressed(`${cloud.endpoint}/_codeconnections/team/app.git`)
  const work = await gitClient()
  await work.commit({ 'a.txt': 'one\n' })
  await work.git('branch', 'feature')
  await work.git('checkout', '--quiet', 'feature')
  const head = await work.commit({ 'b.txt': 'one\n' })
  await work.git('push', '--quiet', remote, 'main', 'feature')

  const opened = await runCommand(pr, { remote, source: 'feature', title: 'Please' }, 'open')
  expect(opened.text).toBe(`#1 Please  feature → main  ${head.slice(0, 8)}  open`)
  expect((await runCommand(pr, { remote }, 'list')).text).toBe(opened.text)
  expect((await runCommand(pr, { remote }, 'close', '1')).text).toMatch(/closed$/)
  expect((await runCommand(pr, { remote }, 'reopen', '1')).text).toMatch(/open$/)
  expect((await runCommand(pr, { remote }, 'merge', '1')).text).toMatch(/merged$/)
  const shown = await runCommand(pr, { remote, json: true }, 'show', '1')
  expect(JSON.parse(shown.text)).toMatchObject({ number: 1, merged: true, state: 'CLOSED' })

  await expect(runCommand(pr, { remote }, 'merge', '1')).rejects.toThrow('pull request 1 is closed')
  await expect(runCommand(pr, { remote, source: 'none' }, 'open')).rejects.toThrow(
    /no branch none: push it first/,
  )
  await expect(runCommand(pr, { remote }, 'show')).rejects.toThrow(
    'pr show takes the number of a pull request',
  )
  await expect(runCommand(pr, { remote }, 'dance')).rejects.toThrow(/pr takes one of list, open/)
  const elsewhere = { remote: 'https://github.com/team/app.git' }
  await expect(runCommand(pr, elsewhere, 'list')).rejects.toThrow(/no repository behind a connection/)
  const wrong = { remote: remote.replace(':test@', ':wrong@') }
  await expect(runCommand(pr, wrong, 'list')).rejects.toThrow(/^Give an access key id as user name/)
})
