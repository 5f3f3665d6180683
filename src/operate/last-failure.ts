/** Why the newest run of a live pipeline failed, whoever made the pipeline: all that is said of its failed action. */
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { type FailedAction, failureMessages, type Reach } from '../access/index.ts'
import type { Target } from '../model/index.ts'
import { buildLog } from './build-log.ts'
import { denialsOf } from './denials.ts'
import { actionsOf } from './execution.ts'
import { type ActionState, newestState } from './pipeline-state.ts'

/** The way into the accounts, and to the embedded cloud's record where there is one. */
type Way = Reach & { readonly endpoint: string | undefined }

/** Gives the failed action of the newest execution, when that one failed. What cannot be read stands among its messages. */
export async function lastFailure(
  way: Way,
  place: Target & { readonly name: string },
): Promise<FailedAction | undefined> {
  const client = await way.client(CodePipelineClient, place)
  const state = await newestState(client, place.name, place)
  const failed =
    state && actionsOf(state).find(({ action }) => action.status === 'Failed' || action.error !== undefined)
  if (!failed) return undefined
  const { stage, action } = failed
  const { of, trouble } = await denialsOf(way.endpoint, [action])
  return {
    pipeline: place.name,
    execution: state.id,
    stage,
    action: action.name,
    messages: [...(await messagesOf(way, action)), ...(trouble ? [trouble.message] : [])],
    denials: of.get(action.id ?? '') ?? [],
  }
}

/** Lines of a log that speak of a denied call. */
const DENIAL = /not authorized|access ?denied/i

async function messagesOf(way: Way, action: ActionState): Promise<string[]> {
  const own = [action.error?.message, action.summary].flatMap((one) => one || [])
  const further = await failureMessages(way, action)
  const log = await buildLog(way, action).catch((error: Error) => [
    `access denied to the log: ${error.message}`,
  ])
  return [...new Set([...own, ...further, ...(log ?? []).filter((line) => DENIAL.test(line))])]
}
