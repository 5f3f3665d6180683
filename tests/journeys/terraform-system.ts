/** A system that somebody wrote in Terraform: applied to a new cloud with its repository in place, its pipeline followed. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { Accounts } from '../../src/aws/index.ts'
import type { Cloud } from '../../src/cloud/index.ts'
import type { TestCloud } from '../conformance/cloud.ts'
import { type Terraform, terraformIn } from '../conformance/terraform/terraform.ts'

const run = promisify(execFile)

export interface TerraformSystem {
  readonly accounts: Accounts
  readonly terraform: Terraform
}

/** Gives what is ready to be applied; `accounts` by the profiles that the folder's providers name. */
export async function openSystem(
  { cloud }: TestCloud,
  folder: string,
  accounts: Readonly<Record<string, string>>,
): Promise<TerraformSystem> {
  const reach = new Accounts(
    Object.entries(accounts).map(([name, account]) => ({ name, account })),
    { endpoint: cloud.endpoint },
  )
  onTestFinished(() => reach.close())
  const terraform = await terraformIn(join('tests/journeys/terraform', folder), cloud, accounts)
  return { accounts: reach, terraform }
}

/** Pushes a folder to where the account's connections lead, as the first commit of a repository. */
export async function pushFirst(
  cloud: Cloud,
  { account, repository, from }: { account: string; repository: string; from: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'crossdock-terraform-source-'))
  try {
    await cp(resolve(from), folder, { recursive: true })
    const who = ['-c', 'user.name=Journey', '-c', 'user.email=journey@crossdock.example']
    const git = (...words: string[]) => run('git', [...who, ...words], { cwd: folder })
    await git('init', '--quiet', '--initial-branch=main')
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'First commit')
    const { host } = new URL(cloud.endpoint)
    await git(
      'push',
      '--quiet',
      `http://${account}:${cloud.secret}@${host}/_codeconnections/${repository}.git`,
      'main',
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
