/** Shows what left the fleet file and still stands, and how it is taken away. */
import {
  hasKey,
  type LeftOver,
  type OwnStack,
  pipelinesOf,
  repositoriesOf,
  retainedOf,
  type TakeAwayEvent,
  type Unseen,
} from '../../deploy/index.ts'
import type { Terminal } from '../terminal.ts'
import { duration, mark, place } from './text.ts'

/** What `--json` says of a stack that left the file. */
export const leftDocument = ({ name, target, title, ...stack }: OwnStack) => ({
  stack: name,
  ...target,
  title,
  stillFires: pipelinesOf({ ...stack }),
})

/** A line for each stack, with what still runs of it. */
export function printStacks(stacks: readonly OwnStack[], terminal: Terminal): void {
  const { colors } = terminal
  for (const stack of stacks) {
    const where = colors.dim(`${stack.name}  ${place(stack.target)}`)
    terminal.print(`  ${stack.title}  ${where}`)
  }
}

/** What a person should know before the stacks go. */
export function printConsequences(stacks: readonly OwnStack[], terminal: Terminal): void {
  const { colors } = terminal
  for (const stack of stacks) {
    for (const name of repositoriesOf(stack))
      terminal.print(`  ${colors.red('with all its commits')} the repository ${name} goes`)
    for (const { id, type } of retainedOf(stack))
      terminal.print(`  ${id} (${type}) of ${stack.name} stays: its DeletionPolicy is Retain`)
  }
}

export function printUnseen(unseen: readonly Unseen[], terminal: Terminal): void {
  for (const { account, regions, why } of unseen)
    terminal.print(
      `  ${terminal.colors.yellow('not looked into')} account ${account} (${regions.join(', ')}): ${why}`,
    )
}

/** Tells what is there and in no file, and that it still fires. */
export function printLeft({ stacks, unseen }: LeftOver, terminal: Terminal): void {
  const { colors } = terminal
  if (stacks.length) {
    terminal.print(colors.bold('Left the fleet file, and still there'))
    printStacks(stacks, terminal)
    for (const name of stacks.flatMap(pipelinesOf))
      terminal.print(`  ${colors.yellow('still fires')} the pipeline ${name}: it runs and deploys as before`)
  }
  printUnseen(unseen, terminal)
}

/** Tells of pipelines that are in no file any more, beside those that are. */
export function printStray(stacks: readonly OwnStack[], unseen: readonly Unseen[], terminal: Terminal): void {
  const { colors } = terminal
  for (const name of stacks.flatMap(pipelinesOf))
    terminal.print(
      `${colors.bold(name)}  ${colors.yellow('left the fleet file, and still fires')}${colors.dim('  "crossdock deploy --prune" takes it away')}`,
    )
  printUnseen(unseen, terminal)
}

/** Gives a listener that prints a line for each stack that goes or stays. */
export const takeAwayView =
  (terminal: Terminal) =>
  (event: TakeAwayEvent): void => {
    const { colors } = terminal
    const { stack } = event
    const what = `${stack.name} ${colors.dim(place(stack.target))}`
    if (event.type === 'gone')
      terminal.print(
        `  ${mark('done', terminal)} removed ${what} ${colors.dim(duration(event.milliseconds))}`,
      )
    if (event.type === 'stays')
      terminal.print(`  ${event.isFailure ? mark('failed', terminal) : '·'} stays ${what}: ${event.why}`)
  }

/** AWS: a key that is deleted waits, as its stack says nothing else, for thirty days. */
export function printKeys(stacks: readonly OwnStack[], terminal: Terminal): void {
  for (const { target } of stacks.filter(hasKey))
    terminal.print(
      terminal.colors.dim(
        `  the key of ${place(target)} is deleted in 30 days; until then "aws kms cancel-key-deletion" has it back`,
      ),
    )
}
