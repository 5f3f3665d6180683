/** A function that decides: the rule is met when it answers without an error. */
import { functionEvent } from '../lambda-invoke.ts'
import { ActionFailure, type Runner } from '../runner.ts'
import { expireRule } from './rule-timeout.ts'

export const lambdaInvokeRule: Runner = {
  id: 'Rule/LambdaInvoke',
  run: async (job) => {
    expireRule(job)
    const { FunctionName = '' } = job.configuration
    const answer = await job.call('lambda', 'Invoke', {
      FunctionName,
      InvocationType: 'RequestResponse',
      Payload: Buffer.from(JSON.stringify(await functionEvent(job, job.actionRunId))) as never,
    })
    if (answer.FunctionError)
      throw new ActionFailure(`The function ${FunctionName} failed: ${messageIn(answer.Payload)}`)
    return { external: { summary: `The function ${FunctionName} succeeded` } }
  },
}

/** What an error of a function says; the kind of error where it says nothing. */
function messageIn(payload: Uint8Array | undefined): string {
  try {
    const { errorMessage, errorType } = JSON.parse(Buffer.from(payload ?? []).toString())
    return String(errorMessage ?? errorType)
  } catch {
    return 'it gave no reason'
  }
}
