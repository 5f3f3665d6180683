/** `crossdock deploy`: brings the fleet's stacks into their accounts. */
import { randomUUID } from 'node:crypto'
import { problemsOf, type ReadExisting } from '../../access/index.ts'
import type { OpenAccounts } from '../../aws/index.ts'
import {
  CONCURRENCY,
  type Concurrency,
  type DeployContext,
  type DeployEvent,
  deploy as deployAssembly,
  type FleetPlan,
  hasChanges,
  type LeftOver,
  type Listener,
} from '../../deploy/index.ts'
import { renderTemplate } from '../../synth/index.ts'
import { isWanted, YES_OPTION } from '../ask.ts'
import { asJson, checked, hasFailed, printChecked, STRICT_OPTION } from '../checked.ts'
import { type Command, type Invocation, UsageError } from '../command.ts'
import { fromFile } from '../fleet-origin.ts'
import { FORCE_UNLOCK_OPTION, holding, lockContext } from '../hold.ts'
import { LEFT_ACCOUNT_OPTION, reachOf } from '../named-accounts.ts'
import { connectionDocument, connectionsToAuthorize, printConnections, printPushes } from '../next-steps.ts'
import { ORGANIZATION_OPTIONS } from '../organization-input.ts'
import { paceOf } from '../pace.ts'
import { planEffects } from '../plan-effects.ts'
import { proofInputIn, readExistingOf } from '../proof-input.ts'
import { APPLICATIONS_OPTION, PRUNE_OPTION, refuseLoneApplications, tellLeft } from '../prune.ts'
import { openSelfUpdate, SELF_UPDATE_OPTION, whileHeld, withOutdatedRole } from '../self-update.ts'
import { quiet, type Terminal } from '../terminal.ts'
import { DeployView } from '../view/deploy-view.ts'
import { printPlan } from '../view/plan-view.ts'
import { countOf } from '../view/text.ts'
import { FLEET_OPTION, type Workspace, workspaceOf } from '../workspace.ts'

export interface DeployOptions {
  readonly also?: Listener
  readonly concurrency?: Concurrency
  readonly force?: boolean
  readonly takeOver?: boolean
  /** The way into accounts that left the file. */
  readonly reach?: OpenAccounts
  readonly lock?: DeployContext['lock']
  readonly proceed?: DeployContext['proceed']
  /** The stacks that a pipeline's own build deploys, where nobody knows which repository the file came from. */
  readonly only?: DeployContext['only']
}

/** Deploys a workspace and shows it; gives what of the fleet stands and is not in its file. Errors: DeploymentFailure. */
export async function deployAndShow(
  workspace: Workspace,
  terminal: Terminal,
  { also, reach, lock, proceed, concurrency, force, takeOver, only }: DeployOptions = {},
): Promise<LeftOver | undefined> {
  const view = new DeployView(terminal)
  try {
    return await deployAssembly(only ? workspace.assembly : fromFile(workspace), {
      accounts: workspace.accounts,
      reach,
      lock,
      proceed,
      render: (stack) => renderTemplate(stack.template),
      listener: (event) => {
        view.listener(event)
        also?.(event)
      },
      pace: paceOf(workspace.accounts),
      now: Date.now,
      token: randomUUID(),
      concurrency,
      force,
      takeOver,
      only,
    })
  } finally {
    view.end()
  }
}

export const UNPROVEN_OPTION = {
  flags: '--unproven',
  description: 'deploy although the proof fails: what is denied or refused is told and skipped',
}

export const deploy: Command = {
  options: [
    FLEET_OPTION,
    ...ORGANIZATION_OPTIONS,
    YES_OPTION,
    UNPROVEN_OPTION,
    STRICT_OPTION,
    {
      flags: '--concurrency <stacks>',
      description: `stacks at work at once in one account and region (default: ${CONCURRENCY.perTarget})`,
    },
    {
      flags: '--total-concurrency <stacks>',
      description: `stacks at work at once in all accounts and regions (default: ${CONCURRENCY.total})`,
    },
    {
      flags: '--force',
      description: 'compare every stack, also where the last deployment left the same template',
    },
    {
      flags: '--take-over',
      description: 'deploy stacks too that say that another fleet, or another file, deployed them',
    },
    PRUNE_OPTION,
    APPLICATIONS_OPTION,
    LEFT_ACCOUNT_OPTION,
    FORCE_UNLOCK_OPTION,
    SELF_UPDATE_OPTION,
  ],
  examples: ['deploy', 'deploy --prune'],
  run: async (invocation) => {
    const concurrency = concurrencyOf(invocation.options)
    const { selfUpdate } = invocation.options
    if (typeof selfUpdate === 'string') return deploySelf(selfUpdate, invocation, concurrency)
    const workspace = await workspaceOf(invocation)
    try {
      return await deployProven(workspace, invocation, concurrency)
    } finally {
      workspace.accounts.close()
    }
  },
}

/** Deploys a pipeline as it deploys itself: if the proof of all the file holds. Errors: as `deployProven`. */
async function deploySelf(id: string, invocation: Invocation, concurrency?: Concurrency): Promise<number> {
  const { workspace, only } = await openSelfUpdate(invocation, id)
  const { terminal, options } = invocation
  const done: object[] = []
  const deploying = () =>
    deployAndShow(workspace, options.json ? quiet(terminal) : terminal, {
      also: (event) => {
        if (event.type === 'stack-done')
          done.push({ stack: event.stack.name, ...event.stack.target, outcome: event.outcome })
      },
      lock: lockContext(invocation, 'deploy'),
      ...{ concurrency, only, force: options.force === true, takeOver: options.takeOver === true },
    })
  try {
    if (!mayDeploy(workspace, invocation, undefined)) return 1
    await whileHeld(deploying, workspace.accounts, terminal).catch((error: unknown) => {
      throw withOutdatedRole(error, id)
    })
    if (options.json) terminal.print(JSON.stringify({ stacks: done }, null, 2))
    return 0
  } finally {
    workspace.accounts.close()
  }
}

/** Deploys a workspace, if its proof holds, and gives the exit status. Errors: as `mayDeploy`; DeploymentFailure. */
export async function deployProven(
  workspace: Workspace,
  invocation: Invocation,
  concurrency?: Concurrency,
): Promise<number> {
  const { terminal, options } = invocation
  const done: { stack: string; account: string; region: string; outcome: string }[] = []
  const gather = (event: DeployEvent) => {
    if (event.type === 'stack-done')
      done.push({ stack: event.stack.name, ...event.stack.target, outcome: event.outcome })
  }
  if (!mayDeploy(workspace, invocation, await readExistingOf(workspace))) return 1
  refuseLoneApplications(invocation)
  const reach = reachOf(workspace, invocation)
  const left = await holding(terminal, 'crossdock deploy', (taken) =>
    deployAndShow(workspace, options.json ? quiet(terminal) : terminal, {
      also: gather,
      reach,
      lock: { ...lockContext(invocation, 'deploy'), taken },
      proceed: (plan) => mayProceed(plan, workspace, invocation),
      concurrency,
      force: options.force === true,
      takeOver: options.takeOver === true,
    }),
  )
  if (!left) return 1
  const { status, document } = await tellLeft(left, workspace, reach, invocation)
  const pending = await connectionsToAuthorize(workspace)
  if (options.json) {
    const connections = pending.map(connectionDocument)
    terminal.print(JSON.stringify({ stacks: done, ...document, connections }, null, 2))
    return status
  }
  printConnections(pending, terminal)
  if (!pending.length && done.some(({ outcome }) => outcome !== 'unchanged')) printPushes(workspace, terminal)
  return status
}

/** Shows what will be done; at a terminal a person says whether. */
async function mayProceed(
  plan: FleetPlan,
  { assembly }: Workspace,
  invocation: Pick<Invocation, 'options' | 'terminal'>,
): Promise<boolean> {
  const { options, terminal } = invocation
  if (options.json || !hasChanges(plan)) return true
  // What left the file is told when all is done.
  printPlan({ ...plan, left: { stacks: [], unseen: [] } }, planEffects(assembly, plan), terminal, 'some')
  if (await isWanted(invocation, 'Deploy this?')) return true
  terminal.warn('nothing was deployed')
  return false
}

/**
 * Proves what is to be deployed, and tells what stands against it. Errors: UsageError, FleetError of control policies.
 */
function mayDeploy(workspace: Workspace, invocation: Invocation, read: ReadExisting | undefined): boolean {
  const { terminal, options } = invocation
  const input = proofInputIn(workspace, invocation, read)
  const results = checked(input)
  const problems = problemsOf(results, input.assembly?.warnings)
  if (!hasFailed(problems, options.strict === true)) return true
  const { yellow, red } = terminal.colors
  const against = countOf(
    problems.filter((one) => hasFailed([one], options.strict === true)).length,
    'problem',
  )
  if (options.unproven) {
    // On the terminal's other stream, so that what is printed stays the deployment's.
    terminal.warn(yellow(`--unproven: deployed although the proof has ${against}`))
    for (const { level, rule, message } of problems)
      if (level === 'error' || rule === 'not-proven') terminal.warn(`  ${rule}: ${message}`)
    return true
  }
  if (options.json) terminal.print(JSON.stringify(asJson(input, results), null, 2))
  else printChecked(input, results, terminal, false)
  terminal.warn(
    red(
      `Nothing was deployed: the proof has ${against}. Mend what it names, or deploy all the same with --unproven.`,
    ),
  )
  return false
}

/** Errors: UsageError where one is not a number of stacks. */
function concurrencyOf(options: Invocation['options']): Concurrency {
  const number = (name: string, otherwise: number): number => {
    const given = options[name]
    if (given === undefined) return otherwise
    if (typeof given === 'string' && /^[1-9]\d{0,3}$/.test(given)) return Number(given)
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    throw new UsageError(`${flag} takes a number of stacks from 1 to 9999, not "${given}"`)
  }
  return {
    perTarget: number('concurrency', CONCURRENCY.perTarget),
    total: number('totalConcurrency', CONCURRENCY.total),
  }
}
