/** Repositories after the end of the cloud: still there, what was not told is told, what was not recorded is gone. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CodeCommitClient,
  CreateCommitCommand,
  CreateRepositoryCommand,
  GetFileCommand,
} from '@aws-sdk/client-codecommit'
import { expect, it } from 'vitest'
import { told } from '../../../src/cloud/services/codecommit/state.ts'
import { startTestCloud } from '../cloud.ts'
import { newFolder, startOnCopy } from '../interrupted.ts'

const repositoryName = 'kept'

it('are found again, and told of what came in before a kill', async () => {
  const data = newFolder()
  const test = await startTestCloud({ data })
  const commits = test.client(CodeCommitClient)
  const made = await commits.send(new CreateRepositoryCommand({ repositoryName }))
  const putFiles = [{ filePath: 'a', fileContent: Buffer.from('a') }]
  const { commitId } = await commits.send(
    new CreateCommitCommand({ repositoryName, branchName: 'main', putFiles }),
  )
  const folder = join(data, 'codecommit', `${made.repositoryMetadata!.repositoryId}.git`)
  await promisify(execFile)('git', ['update-ref', 'refs/heads/late', commitId!], { cwd: folder })
  const forgotten = join(data, 'codecommit', 'forgotten.git')
  mkdirSync(forgotten)

  const next = await startOnCopy(test.cloud)
  await next.cloud.settled()
  const [kept] = next.cloud.store.everywhere(told)
  expect(kept?.table.values()).toEqual([
    {
      references: [
        ['refs/heads/late', commitId],
        ['refs/heads/main', commitId],
      ],
    },
  ])
  expect(existsSync(join(next.cloud.folder, 'codecommit', 'forgotten.git'))).toBe(false)
  const file = await next.client(CodeCommitClient).send(new GetFileCommand({ repositoryName, filePath: 'a' }))
  expect(Buffer.from(file.fileContent!).toString()).toBe('a')
})
