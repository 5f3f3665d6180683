/** Shows what a deployment would do: resources and permissions, stack by stack, what it costs, what left the file. */
import {
  type FleetPlan,
  hasChanges,
  type PermissionChange,
  permissionWords,
  type ResourceChange,
  type StackPlan,
} from '../../deploy/index.ts'
import type { PlanEffects } from '../plan-effects.ts'
import type { Terminal } from '../terminal.ts'
import { leftDocument, printLeft } from './left-view.ts'
import { countOf, place } from './text.ts'

const SIGNS: Readonly<Record<ResourceChange['action'], string>> = {
  added: '+',
  changed: '~',
  'maybe-replaced': '~',
  replaced: '±',
  removed: '-',
  'left-behind': '-',
}

const NOTES: Readonly<Partial<Record<ResourceChange['action'], string>>> = {
  'maybe-replaced': 'may be replaced',
  replaced: 'replaced',
  'left-behind': 'stays in the account: its DeletionPolicy is Retain',
}

/** Stacks that are shown one by one; more are counted. */
const SHOWN = 12

/** How much is shown: `some` of many stacks, all that change, or also all that new stacks are made of. */
export type PlanDetail = 'some' | 'changes' | 'all'

export function printPlan(
  plan: FleetPlan,
  effects: PlanEffects,
  terminal: Terminal,
  detail: PlanDetail,
): void {
  const verbose = detail === 'all'
  const { colors } = terminal
  const of = (...actions: StackPlan['action'][]) =>
    plan.stacks.filter(({ action }) => actions.includes(action))
  const [made, updated, unknown] = [of('create', 'recreate'), of('update'), of('unknown')]
  printNew(made, terminal, verbose)
  for (const one of detail === 'some' ? updated.slice(0, SHOWN) : updated) printUpdate(one, terminal, verbose)
  if (detail === 'some' && updated.length > SHOWN)
    terminal.print(
      `${colors.yellow('~')} and ${updated.length - SHOWN} stacks more change ("crossdock plan" shows each)`,
    )
  for (const { stack, why } of unknown)
    terminal.print(
      `${colors.yellow('?')} ${colors.bold(stack.name)} ${colors.dim(place(stack.target))}  not known: ${why}`,
    )
  printEffects(effects, terminal)
  printLeft(plan.left, terminal)
  if (!hasChanges(plan)) return terminal.print('nothing would change')
  const counts = [
    `${countOf(made.length, 'stack')} to make`,
    `${updated.length} to change`,
    `${of('unchanged').length} unchanged`,
    ...(unknown.length ? [`${unknown.length} not known`] : []),
  ]
  terminal.print(counts.join(', '))
}

function printNew(made: readonly StackPlan[], terminal: Terminal, verbose: boolean): void {
  const { colors } = terminal
  for (const one of verbose ? made : made.slice(0, SHOWN)) {
    const { stack, action, resources, permissions } = one
    const again = action === 'recreate' ? ', in place of one that failed' : ''
    const what = colors.dim(
      `${place(stack.target)}  ${stack.title}: ${countOf(resources.length, 'resource')}${again}`,
    )
    terminal.print(`${colors.green('+')} ${colors.bold(stack.name)} ${what}`)
    if (verbose) printResources(resources, terminal)
    if (verbose) printPermissions(permissions, terminal, true)
  }
  const more = made.length - SHOWN
  if (!verbose && more > 0)
    terminal.print(`${colors.green('+')} and ${countOf(more, 'new stack')} more (--verbose)`)
}

function printUpdate(
  { stack, resources, permissions, outputs, tags, why }: StackPlan,
  terminal: Terminal,
  verbose: boolean,
): void {
  const { colors } = terminal
  terminal.print(
    `${colors.yellow('~')} ${colors.bold(stack.name)} ${colors.dim(`${place(stack.target)}  ${stack.title}`)}`,
  )
  if (why) terminal.print(`    ${colors.yellow('not known')} ${why}`)
  printResources(resources, terminal)
  if (tags.length) terminal.print(`    ~ tags of all its resources  ${colors.dim(tags.join(', '))}`)
  if (outputs.length && !resources.length && !tags.length)
    terminal.print(colors.dim(`    outputs only: ${outputs.join(', ')}`))
  printPermissions(permissions, terminal, verbose)
}

function printResources(resources: readonly ResourceChange[], terminal: Terminal): void {
  const { colors } = terminal
  for (const { action, id, type, details } of resources) {
    const note = NOTES[action] ? ` ${colors.red(NOTES[action])}` : ''
    const what = details.length ? colors.dim(`  ${details.join(', ')}`) : ''
    terminal.print(`    ${SIGNS[action]} ${id} ${colors.dim(type)}${note}${what}`)
  }
}

/** What comes or goes with its role or bucket is counted, unless all is to be shown. */
function printPermissions(
  permissions: readonly PermissionChange[],
  terminal: Terminal,
  verbose: boolean,
): void {
  const { colors } = terminal
  const sign = (change: PermissionChange['change']) =>
    change === 'gained' ? colors.green('gains') : colors.red('loses')
  for (const one of permissions)
    if (verbose || !one.withSubject) terminal.print(`    ${sign(one.change)} ${permissionWords(one)}`)
  if (verbose) return
  for (const change of ['gained', 'lost'] as const) {
    const whole = permissions.filter((one) => one.withSubject && one.change === change)
    for (const subject of new Set(whole.map((one) => one.subject))) {
      const calls = new Set(whole.filter((one) => one.subject === subject).flatMap(({ actions }) => actions))
      terminal.print(
        `    ${sign(change)} ${subject} ${change === 'gained' ? 'comes' : 'goes'} with ${countOf(calls.size, 'permission')}`,
      )
    }
  }
}

function printEffects({ cost, undeployed }: PlanEffects, terminal: Terminal): void {
  const difference = cost.after - cost.before
  if (Math.abs(difference) >= 0.005)
    terminal.print(
      `costs about $${Math.abs(difference).toFixed(2)} a month ${difference > 0 ? 'more' : 'less'}: $${cost.after.toFixed(2)} at ${cost.runs} runs of each pipeline`,
    )
  for (const { stack, ...target } of undeployed)
    terminal.print(
      `no pipeline deploys the stack ${stack} in ${place(target)} any more: it stays as it is, with a role that may no longer change it`,
    )
}

/** What `--json` says. */
export const planDocument = ({ stacks, left }: FleetPlan, effects: PlanEffects) => ({
  changes: hasChanges({ stacks, left }),
  stacks: stacks.map(({ stack: { name, target, environment, title }, before, permissions, ...one }) => ({
    ...{ stack: name, ...target, environment, title, ...one },
    permissions: permissions.map((change) => ({ ...change, words: permissionWords(change) })),
  })),
  left: left.stacks.map(leftDocument),
  unseen: left.unseen,
  ...effects,
})
