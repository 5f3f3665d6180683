/** What the pipelines of an example fetch, and how the demo puts it there. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { zipSync } from 'fflate'
import type { AssemblyPipeline } from '../../model/index.ts'
import { namedThings } from '../../pipeline/index.ts'
import type { Workspace } from '../workspace.ts'
import { changedBuildspec, commitChange, createRepository, push, type Repository } from './repository.ts'

/** Something that source actions fetch: a branch of a repository, or an object. */
export interface Feed {
  /** What it is called where it is pushed or put. */
  readonly name: string
  /** Puts the example's files there; the second time, where it is a repository, changed ones. */
  put(): Promise<{ readonly revision: string; readonly message: string }>
}

export interface FeedAround {
  readonly workspace: Pick<Workspace, 'fleet' | 'accounts' | 'hub'>
  /** The example, in a folder of the demo's own. */
  readonly example: string
  /** Where repositories are made. */
  readonly scratch: string
  /** Address of the repositories behind connections, with name and secret. */
  readonly remote: string
}

/**
 * Gives what a pipeline fetches, what does not start it first, so that it is there when it starts. What is fetched stands in the
 * folder of its name beside the fleet file, or is the example itself.
 */
export function feedsOf({ id, declaration }: AssemblyPipeline, around: FeedAround): Feed[] {
  const { fleet } = around.workspace
  const sources = fleet.pipelines.find((one) => one.id === id)!.sources
  const isFiltered = declaration.triggers !== undefined
  return [...declaration.stages[0]!.actions]
    .map((action, index) => ({ action, starts: sources[index]!.starts }))
    .sort((one, other) => Number(one.starts) - Number(other.starts))
    .map(({ action }) => {
      const named = namedThings(action.actionTypeId, action.configuration)
      if (named.object !== undefined) return dropped(named.bucket!, named.object, around)
      const branch = named.branch!
      if (named.hostedRepository !== undefined)
        return pushed(named.hostedRepository, branch, isFiltered, around)
      return committed(named.repository!, branch, around)
    })
}

/** Where the files of a source stand. */
function filesOf(name: string, { example }: FeedAround): string {
  const own = join(example, name)
  return existsSync(own) ? own : example
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** AWS: the push that makes a branch passes no filter by paths, so that one with such a filter (`isGrown`) has one before. */
function pushed(repository: string, branch: string, isGrown: boolean, around: FeedAround): Feed {
  let made: Repository | undefined
  return {
    name: branch === 'main' ? repository : `${repository}, ${branch}`,
    put: async () => {
      if (made) await commitChange(made)
      made ??= await createRepository(
        filesOf(lastOf(repository), around),
        join(around.scratch, `${lastOf(repository)}-${branch.replaceAll('/', '-')}`),
        { remote: `${around.remote}/_codeconnections/${repository}.git`, branch, isGrown },
      )
      const { commit, message } = await push(made)
      return { revision: commit, message }
    },
  }
}

/** A repository of AWS takes commits by its API too. */
function committed(repository: string, branch: string, around: FeedAround): Feed {
  let parent: string | undefined
  return {
    name: repository,
    put: async () => {
      const { accounts, hub } = around.workspace
      const { CodeCommitClient, CreateCommitCommand } = await import('@aws-sdk/client-codecommit')
      const client = await accounts.client(CodeCommitClient, hub)
      const message = parent ? 'Build again' : 'First commit'
      const all = await textsOf(filesOf(repository, around))
      const files = parent ? all.flatMap(buildspecChanged) : all
      const { commitId } = await client.send(
        new CreateCommitCommand({
          repositoryName: repository,
          branchName: branch,
          commitMessage: message,
          parentCommitId: parent,
          putFiles: files.map(({ name, content }) => ({ filePath: name, fileContent: content })),
        }),
      )
      parent = commitId
      return { revision: commitId!, message }
    },
  }
}

const buildspecChanged = ({ name, content }: { name: string; content: Uint8Array }) =>
  /(^|\/)buildspec\.yml$/.test(name)
    ? [{ name, content: Buffer.from(changedBuildspec(Buffer.from(content).toString())) }]
    : []

function dropped(bucket: string, key: string, around: FeedAround): Feed {
  return {
    name: `s3://${bucket}/${key}`,
    put: async () => {
      const { accounts, hub } = around.workspace
      const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
      const client = await accounts.client(S3Client, hub)
      const files = await textsOf(filesOf(lastOf(key).replace(/\.zip$/, ''), around))
      const Body = zipSync(Object.fromEntries(files.map(({ name, content }) => [name, content])))
      const { VersionId = '' } = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }))
      return { revision: VersionId, message: `${files.length} files` }
    },
  }
}

async function textsOf(folder: string): Promise<{ name: string; content: Uint8Array }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      return { name: relative(folder, path).replaceAll('\\', '/'), content: await readFile(path) }
    }),
  )
}
