/** The life of examples/hello: pushed, deployed, run, pushed to again, approved, updated, deleted. */
import { execFile } from 'node:child_process'
import { appendFile, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { DeploymentFailure, deploy } from '../../src/deploy/index.ts'
import { type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { renderTemplate, synthesize } from '../../src/synth/index.ts'
import { makeRepository, type Repository } from '../journeys/repository.ts'
import {
  type Arrival,
  bringAndShip,
  executionIds,
  type PipelinePlace,
  shipThrough,
} from './drive-pipeline.ts'
import { findStack, putStack, removeStack, type StackPlace } from './drive-stack.ts'
import { PatientAccounts } from './patient-accounts.ts'
import type { System, Visit } from './visit.ts'

const run = promisify(execFile)
const FOLDER = resolve('examples/hello')
/** How often a deployment is run again before it is given up. */
const RUNS = 15
const NOT_BEGUN = /nothing listens/

export const hello: System = {
  name: 'hello',
  accounts: ['111111111111', '222222222222', '333333333333', '444444444444'],
  async live(visit) {
    const fleet = await loadFleet(join(FOLDER, 'crossdock.yaml'))
    const place: PipelinePlace = { hub: fleet.hub, pipeline: 'hello-hello', source: 'Source' }
    const repository = await makeRepository('example/hello', FOLDER, counted(visit), {
      'src/greeting.mjs': [['export ', '// Twice.\nexport ']],
    })
    try {
      await push(visit, repository, 'HEAD~1:refs/heads/main')
      await deployFleet(visit, fleet)
      const first = (await executionIds(visit, place)).at(-1)
      if (!first) throw new Error('the creation of the pipeline started no execution')
      await shipThrough(visit, place, first)
      await bringAndShip(visit, place, () => push(visit, repository, 'HEAD:refs/heads/main'))
      await commit(repository)
      await bringAndShip(visit, place, () => push(visit, repository, 'HEAD:refs/heads/main'))
      const stacks = applicationOf(fleet)
      await touch(visit, stacks)
      await Promise.all(stacks.map((stack) => removeStack(visit, stack)))
    } finally {
      await repository.remove()
    }
  },
}

/** The build writes down each time that it is run. */
const counted = ({ cloud }: Visit) => ({
  'buildspec.yml': [
    [
      '- mkdir -p dist',
      `- echo "$CODEBUILD_BUILD_ID" >> ${join(cloud.work, 'builds')}\n      - mkdir -p dist`,
    ],
  ] as const,
})

async function commit({ clone }: Repository): Promise<void> {
  await appendFile(join(clone, 'src/greeting.mjs'), '// Once more.\n')
  const words = ['-c', 'user.name=Chaos', '-c', 'user.email=chaos@crossdock.example']
  await run('git', [...words, 'commit', '--quiet', '--all', '--message', 'Once more'], { cwd: clone })
}

/** Pushes until it is acknowledged. */
async function push(visit: Visit, { id, clone }: Repository, reference: string): Promise<Arrival> {
  const remote = new URL(`${visit.cloud.endpoint}/_codeconnections/${id}.git`)
  remote.username = '111111111111'
  remote.password = visit.cloud.secret
  for (let attempt = 1; ; attempt++) {
    visit.killer.call()
    try {
      await run('git', ['push', '--quiet', remote.href, reference], { cwd: clone })
      visit.killer.acknowledged()
      break
    } catch (error) {
      if (attempt > 100) throw error
      await sleep(50)
    }
  }
  const { stdout } = await run('git', ['rev-parse', reference.split(':')[0]!], { cwd: clone })
  const revision = stdout.trim()
  visit.ledger.acknowledge('git push', async () => {
    const head = await run('git', ['ls-remote', remote.href, 'refs/heads/main'])
    return head.stdout.startsWith(revision)
      ? undefined
      : `main is ${head.stdout.slice(0, 40)}, not ${revision}`
  })
  // A push that is there already starts nothing when it is tried again.
  return { revision, attempts: 1 }
}

/** Deploys a fleet, again until it is done. */
export async function deployFleet(visit: Visit, fleet: Fleet): Promise<void> {
  let last: DeploymentFailure | undefined
  for (let runs = 1; runs <= RUNS; ) {
    // As a command of its own, which remembers nothing of the one before.
    const accounts = new PatientAccounts(hello.accounts, visit.cloud.endpoint, {
      watcher: visit.killer,
      impatient: true,
    })
    try {
      await deploy(synthesize(fleet), {
        accounts,
        render: (stack) => renderTemplate(stack.template),
        listener: () => undefined,
        pace: { interval: 20, sleep: (ms) => sleep(ms) },
        now: Date.now,
        token: `chaos-${runs}`,
      })
      return visit.deployed(runs, last?.message)
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error
      last = error
      // What begins while the cloud is away is told so at once, and has not run.
      if (!NOT_BEGUN.test(error.message)) runs++
      await sleep(300)
    } finally {
      accounts.close()
    }
  }
  throw last
}

/** The stacks that the pipeline makes. */
const applicationOf = (fleet: Fleet): StackPlace[] =>
  fleet.environments.flatMap(({ accounts, regions }) =>
    accounts.flatMap(({ account }) =>
      regions.map((region) => ({ stack: 'hello', target: { account, region } })),
    ),
  )

/** Updates the stacks by hand. */
async function touch(visit: Visit, stacks: readonly StackPlace[]): Promise<void> {
  const template = await readFile(join(FOLDER, 'template.yaml'), 'utf8')
  for (const place of stacks) {
    const found = await findStack(visit, place)
    const parameters = Object.fromEntries(
      (found?.Parameters ?? []).map((one) => [one.ParameterKey, one.ParameterValue ?? '']),
    )
    const changed = template.replace('STAGE: !Ref Stage', 'STAGE: !Ref Stage\n          TOUCHED: "yes"')
    await putStack(visit, { ...place, template: changed, parameters })
  }
}
