/** What comes after a deployment: a connection that a person must authorize, or a push. */
import { connectedRepository, type Fleet } from '../fleet/index.ts'
import type { Arn } from '../model/index.ts'
import { type PendingConnection, pendingConnections } from '../operate/index.ts'
import { sharedConnections } from '../synth/index.ts'
import type { Terminal } from './terminal.ts'
import type { Workspace } from './workspace.ts'

/** Gives the connections of a fleet that nobody has authorized yet. */
export function connectionsToAuthorize({
  fleet,
  accounts,
}: Pick<Workspace, 'fleet' | 'accounts'>): Promise<PendingConnection[]> {
  const made = fleet.pipelines.flatMap((pipeline) => [...sharedConnections(fleet, pipeline).values()])
  const distinct = new Map(made.map((one) => [one.output, one]))
  return pendingConnections(accounts, [...distinct.values()], namedConnections(fleet))
}

const namedConnections = ({ connections, pipelines }: Fleet): Arn[] => [
  ...new Set([
    ...Object.values(connections).filter((one) => one !== undefined),
    ...pipelines.flatMap(({ sources }) =>
      sources.flatMap(({ configuration }) => connectedRepository(configuration)?.connection ?? []),
    ),
  ]),
]

/** Tells what a person must authorize, and where. */
export function printConnections(pending: readonly PendingConnection[], terminal: Terminal): void {
  const { colors } = terminal
  for (const { arn, status, provider, console } of pending) {
    terminal.print(
      `${colors.yellow(status.toLowerCase())} the connection to ${provider ?? 'the repositories'} ${colors.dim(arn)}`,
    )
    terminal.print(`  until somebody chooses "Update pending connection" there, its sources fail: ${console}`)
  }
}

/** What `--json` says of one. */
export const connectionDocument = ({ arn, ...one }: PendingConnection) => ({ connection: arn, ...one })

/** Pipelines whose push is told; more are counted. */
const SHOWN = 3

/** Tells which push starts which pipeline. */
export function printPushes(
  { fleet, accounts }: Pick<Workspace, 'fleet' | 'accounts'>,
  terminal: Terminal,
): void {
  const pushes = fleet.pipelines.flatMap(({ id, sources }) => {
    const repository = sources
      .map(({ configuration }) => connectedRepository(configuration))
      .find((one) => one !== undefined)
    return repository ? [{ id, ...repository }] : []
  })
  for (const { id, provider, path, branch } of pushes.slice(0, SHOWN)) {
    const where = accounts.endpoint
      ? `git push ${remoteOf(accounts.endpoint, fleet.hub.account, path)} HEAD:${branch}`
      : `a push to ${path} at ${provider}, branch ${branch},`
    terminal.print(`next: ${where} starts ${id}`)
  }
  if (pushes.length > SHOWN) terminal.print(`      and so on for ${pushes.length - SHOWN} pipelines more`)
  terminal.print('      "crossdock status" shows how they stand')
}

/** Without the password, which is the embedded cloud's secret. */
function remoteOf(endpoint: string, account: string, path: string): string {
  const url = new URL(`/_codeconnections/${path}.git`, endpoint)
  url.username = account
  return url.href
}
