/** What was shipped through a stage, and what became part of each release on the way. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import type { Home } from './execution.ts'
import { history, type PastExecution, pastExecution, shippedThrough } from './executions.ts'

export interface Release {
  readonly execution: PastExecution
  /** When the execution was last at work; milliseconds since 1970. */
  readonly at?: number
  /**
   * Executions between this release and the one before it, newest first, whose revisions it carries and which did not
   * get through the stage themselves: superseded, failed, rejected.
   */
  readonly between: readonly PastExecution[]
}

/**
 * Gives what was shipped through a stage, newest first: as many as AWS gives on its first page. AWS tells which
 * revisions executions had, not which commits lie between: a commit that no execution had is not among them.
 * Errors: AWS's.
 */
export async function releasesOf(home: Home, pipeline: string, stage: string): Promise<Release[]> {
  const client = await home.accounts.client(CodePipelineClient, home.hub)
  const [shipped, all] = await Promise.all([
    shippedThrough(client, pipeline, stage),
    history(home, pipeline, { size: 100 }),
  ])
  const releases = shipped.map(pastExecution)
  const places = new Map(all.executions.map(({ id }, place) => [id, place]))
  return releases.map((execution, index) => {
    const before = releases[index + 1]
    const [from, to] = [places.get(execution.id), before && places.get(before.id)]
    // A rollback carries what its target had, and nothing that came after that.
    const isKnown = from !== undefined && to !== undefined && execution.target === undefined
    const between = isKnown ? all.executions.slice(from + 1, to) : []
    return {
      execution,
      ...(execution.updated !== undefined && { at: execution.updated }),
      between: between.filter(({ status, target }) => status !== 'InProgress' && target === undefined),
    }
  })
}
