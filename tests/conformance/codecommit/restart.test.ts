/** Repositories after the end of the cloud: still there, what was not told is told, what was not recorded is gone. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CodeCommitClient,
  CreateCommitCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  GetFileCommand,
} from '@aws-sdk/client-codecommit'
import { expect, it } from 'vitest'
import type { Host } from '../../../src/cloud/gateway/host.ts'
import type { LoadedService } from '../../../src/cloud/gateway/service-loader.ts'
import type { Context } from '../../../src/cloud/kernel/context.ts'
import type { Operation } from '../../../src/cloud/kernel/operation.ts'
import { announce } from '../../../src/cloud/services/codecommit/engine/announce.ts'
import { repositories, told } from '../../../src/cloud/services/codecommit/state.ts'
import { startTestCloud } from '../cloud.ts'
import { loadServices, newFolder, startOnCopy } from '../interrupted.ts'
import { afterKill, discard, recordKillPoints } from '../kill-points.ts'

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

it('are deleted for good after a kill: the folder goes after the record', async () => {
  const test = await startTestCloud({ data: newFolder() })
  const commits = test.client(CodeCommitClient)
  const { repositoryMetadata } = await commits.send(new CreateRepositoryCommand({ repositoryName }))
  const folderIn = (data: string) => join(data, 'codecommit', `${repositoryMetadata!.repositoryId}.git`)
  await loadServices(test.cloud)
  const recording = recordKillPoints(test.cloud)
  await commits.send(new DeleteRepositoryCommand({ repositoryName }))
  recording.stop()
  expect(existsSync(folderIn(test.cloud.folder))).toBe(false)
  const killed = recording.points.at(-1)!
  expect(killed.records.some(({ collection }) => collection === 'codecommit.repositories')).toBe(false)
  expect(existsSync(folderIn(killed.files))).toBe(true)
  await test.cloud.stop()
  const port = Number(new URL(test.cloud.endpoint).port)
  await afterKill(killed, port, (cloud) => expect(existsSync(folderIn(cloud.folder))).toBe(false))
  discard(recording.points)
})

it('are told of no more once they are deleted while git looks', async () => {
  const test = await startTestCloud({ data: newFolder() })
  const commits = test.client(CodeCommitClient)
  await commits.send(new CreateRepositoryCommand({ repositoryName }))
  const { operations } = (await (test.cloud as Host).serviceOf('codecommit')) as LoadedService
  const deletion = operations.get('DeleteRepository') as Operation
  const run = async (input: never, ctx: Context) => {
    const [repository] = ctx.table(repositories).values()
    const [answer] = await Promise.all([deletion.run(input, ctx), announce(ctx, repository!)])
    return answer
  }
  ;(operations as Map<string, Operation>).set('DeleteRepository', { ...deletion, run })
  await commits.send(new DeleteRepositoryCommand({ repositoryName }))
  await test.cloud.settled()
  expect(test.bugs).toEqual([])
})
