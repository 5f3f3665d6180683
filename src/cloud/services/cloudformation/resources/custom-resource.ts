/** AWS::CloudFormation::CustomResource and Custom::*: a Lambda function or a topic is told, and answers by a PUT. */
import { readJson } from '../../../../model/index.ts'
import { type Destination, lambdaFunction, placeOf, type Sender, topic } from '../../../destinations/index.ts'
import type { Properties, ResourceContext, ResourceOutcome } from '../../../kernel/resource-type.ts'
import { resourceType } from '../../../kernel/resource-type.ts'
import { awaitAnswers, callbackUrl, forgetAnswers, responseUrl, watchForLoss } from '../engine/callbacks.ts'
import { unfinished, validationError } from '../engine/validation-error.ts'
import { type OwnRun, runOf } from './own-context.ts'

/** Seconds. */
const LONGEST = 3600
const ANSWER_LIMIT = 4096

interface Answer {
  readonly Status?: string
  readonly Reason?: string
  readonly PhysicalResourceId?: string
  readonly Data?: Readonly<Record<string, unknown>>
}

type Come = Awaited<ReturnType<typeof awaitAnswers>>

/** AWS: an update that answers another physical id replaces the resource; the old one is deleted afterwards. */
export const customResource = resourceType({
  type: 'AWS::CloudFormation::CustomResource',
  create: (properties, rc) => ask('Create', properties, rc, {}),
  update: (physicalId, properties, previous, rc) =>
    ask('Update', properties, rc, {
      PhysicalResourceId: physicalId,
      OldResourceProperties: asText(previous),
    }),
  delete: async (physicalId, properties, rc) => {
    await ask('Delete', properties, rc, { PhysicalResourceId: physicalId })
  },
})

async function ask(
  requestType: string,
  properties: Properties,
  rc: ResourceContext,
  more: Record<string, unknown>,
): Promise<ResourceOutcome> {
  const run = runOf(rc)
  const { cloud } = run.ctx
  const [requestId, token] = [rc.ids.uuid(), rc.ids.uuid()]
  const serviceToken = String(properties.ServiceToken)
  const destination = placeOf([lambdaFunction, topic], serviceToken)
  if (!destination) throw validationError(`Invalid service token [${serviceToken}].`)
  // Functions answer at AWS's address, to which they are led wherever they run; who else is subscribed to a topic may be
  // somebody outside, and would reach AWS there.
  const ofFunctions = responseUrl(token, { ...rc, signature: rc.ids.lower(64) })
  const url = destination === lambdaFunction ? ofFunctions : callbackUrl(cloud, token)
  const message = {
    RequestType: requestType,
    ServiceToken: properties.ServiceToken,
    ResponseURL: url,
    StackId: rc.stackId,
    RequestId: requestId,
    LogicalResourceId: rc.logicalId,
    ResourceType: run.resources.get(rc.logicalId)?.type,
    ResourceProperties: asText(properties),
    ...more,
  }
  const tellOnce = () => tell(destination, serviceToken, JSON.stringify(message), run)
  const tellOf = (text: string) => cloud.failures.tell({ what: whatOf(rc), message: text })
  watchForLoss(cloud, token, {
    // Functions that are subscribed to a topic answer as those that are asked themselves.
    address: { own: callbackUrl(cloud, token), forFunctions: ofFunctions },
    unanswered: (who) => tellOf(`${who} has returned without an answer, which is still waited for.`),
  })
  try {
    // After a restart at another port an answer to the cloud's own address would go astray: it is asked for once more.
    await rc.step(new URL(url).origin, tellOnce)
    const patience = Number(properties.ServiceTimeout ?? LONGEST) * 1000
    const deadline = await rc.step('deadline', () => rc.clock.now() + patience)
    const come = await awaitAnswers(cloud, token, (all) => all.length > 0, deadline)
    return outcomeOf(come, requestId, more.PhysicalResourceId as string | undefined)
  } catch (error) {
    if (!cloud.signal.aborted) tellOf((error as Error).message)
    throw error
  } finally {
    forgetAnswers(cloud, token)
  }
}

const whatOf = ({ logicalId, stackName, account, region }: ResourceContext): string =>
  `custom resource ${logicalId} of stack ${stackName} in ${account}, ${region}`

/** AWS: the topic's message has the subject, the function's event is the text alone. */
async function tell(
  destination: Destination,
  serviceToken: string,
  text: string,
  run: OwnRun,
): Promise<void> {
  const sender: Sender = { cloud: run.ctx.cloud, call: (...call) => run.call(...call) }
  await destination.send(sender, serviceToken, {
    subject: 'AWS CloudFormation custom resource request',
    text,
  })
}

function outcomeOf(come: Come, requestId: string, before: string | undefined): ResourceOutcome {
  const [body] = come?.bodies ?? []
  // AWS: waits for the whole of the time also where the function has failed for good.
  if (body === undefined)
    throw validationError(
      `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${requestId}].${come?.lost ? ` ${come.lost}` : ''}`,
    )
  if (Buffer.byteLength(body) > ANSWER_LIMIT) throw validationError('Response object is too long.')
  const answer = parsed(body)
  if (answer.Status !== 'SUCCESS' && answer.Status !== 'FAILED')
    throw validationError('Invalid Status received from custom resource: expected SUCCESS or FAILED.')
  if (answer.Status === 'FAILED')
    throw unfinished(
      answer.PhysicalResourceId ?? requestId,
      `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? ''} (RequestId: ${requestId})`,
    )
  const physicalId = answer.PhysicalResourceId ?? before
  if (!physicalId) throw validationError('Invalid PhysicalResourceId')
  return { physicalId, attributes: answer.Data ?? {} }
}

function parsed(body: string): Answer {
  try {
    return readJson(body) as Answer
  } catch {
    throw validationError('Invalid response: it is not well-formed JSON.')
  }
}

/** AWS: numbers and booleans reach the function as text. */
function asText(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(asText)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]))
}
