/** Where repositories are: for the cloud itself, and for git clients of this machine. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'
import { createRepository, keepPrivate } from '../../../machine/bare-repository.ts'
import { runGit } from '../../../machine/run-git.ts'
import type { Repository } from '../state.ts'

/** All folders of repositories, by their ids: names of users never become paths. */
export const repositoriesFolder = (cloud: Pick<Cloud, 'folder'>): string => join(cloud.folder, 'codecommit')

export const folderOf = (cloud: Pick<Cloud, 'folder'>, { id }: Pick<Repository, 'id'>): string =>
  join(repositoriesFolder(cloud), `${id}.git`)

/** Most bytes of one push. AWS: quotas, "Git blob size": 2 GB, and none for a push; git refuses the pack where it becomes larger. */
const PUSH_LIMIT = 2 * 1024 ** 3

export async function makeFolder(cloud: Cloud, repository: Pick<Repository, 'id'>): Promise<void> {
  const folder = folderOf(cloud, repository)
  await createRepository(folder)
  await keepPrivate(folder)
  await runGit(folder, 'config', 'receive.maxInputSize', String(PUSH_LIMIT))
}

export const removeFolder = (cloud: Cloud, repository: Pick<Repository, 'id'>): void =>
  rmSync(folderOf(cloud, repository), { recursive: true, force: true })

/** Says which branch a clone begins with. */
export const pointHead = (folder: string, branch: string): Promise<unknown> =>
  runGit(folder, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`)

/**
 * Gives the address that git clones from and pushes to.
 * AWS: `https://git-codecommit.<region>.amazonaws.com/v1/repos/<name>`, which leads to the cloud from builds alone; here
 * the region stands in the path. The account is the caller's, as on AWS.
 */
export const cloneUrl = (cloud: Pick<Cloud, 'endpoint'>, { region, name }: Repository): string =>
  `${cloud.endpoint}/_codecommit/${region}/v1/repos/${name}`

/** The repository behind an SSH address is AWS's: the cloud has no SSH. */
export const sshUrl = ({ region, name }: Repository): string =>
  `ssh://git-codecommit.${region}.amazonaws.com/v1/repos/${name}`
