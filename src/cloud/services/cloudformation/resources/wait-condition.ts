/** AWS::CloudFormation::WaitConditionHandle and WaitCondition: a stack that waits for signals from outside. */
import { readJson } from '../../../../model/index.ts'
import { NEEDS_HANDLE } from '../../../../template/index.ts'
import { resourceType } from '../../../kernel/resource-type.ts'
import { awaitAnswers, callbackUrl, forgetAnswers, tokenIn } from '../engine/callbacks.ts'
import { validationError } from '../engine/validation-error.ts'
import { runOf } from './own-context.ts'

interface Signal {
  readonly Status?: string
  readonly Reason?: string
  readonly UniqueId?: string
  readonly Data?: string
}

/** Its physical id is the address that signals are PUT to: the cloud's own, for they come from anywhere. */
export const waitConditionHandle = resourceType({
  type: 'AWS::CloudFormation::WaitConditionHandle',
  create: async (_properties, rc) => ({ physicalId: callbackUrl(runOf(rc).ctx.cloud, rc.ids.lower(40)) }),
  update: async (physicalId) => ({ physicalId }),
  delete: async (url, _properties, rc) => {
    const token = tokenIn(url)
    if (token) forgetAnswers(runOf(rc).ctx.cloud, token)
  },
})

/** AWS: Timeout is in seconds, at most 43,200; Count is 1 unless it is given; a FAILURE signal fails the resource. */
export const waitCondition = resourceType({
  type: 'AWS::CloudFormation::WaitCondition',
  create: async (properties, rc) => {
    const { cloud } = runOf(rc).ctx
    const token = tokenIn(String(properties.Handle ?? ''))
    if (!token) throw validationError(NEEDS_HANDLE)
    const count = Number(properties.Count ?? 1)
    const enough = (bodies: readonly string[]) => {
      const signals = signalsIn(bodies)
      return signals.some((one) => one.Status === 'FAILURE') || signals.length >= count
    }
    const patience = Number(properties.Timeout ?? 0) * 1000
    const deadline = await rc.step('deadline', () => rc.clock.now() + patience)
    const come = await awaitAnswers(cloud, token, enough, deadline)
    if (!come) throw validationError(`WaitCondition timed out. Expected ${count} signals.`)
    const signals = signalsIn(come.bodies)
    const failed = signals.find((one) => one.Status === 'FAILURE')
    if (failed)
      throw validationError(
        `WaitCondition received failed message: '${failed.Reason ?? ''}' for uniqueId: ${failed.UniqueId}`,
      )
    const data = Object.fromEntries(signals.map((one) => [one.UniqueId ?? '', one.Data ?? '']))
    return { physicalId: `${rc.stackId}/${rc.logicalId}`, attributes: { Data: JSON.stringify(data) } }
  },
  update: async (physicalId) => ({ physicalId }),
  delete: async () => undefined,
})

/** AWS: signals with the same UniqueId count once. */
function signalsIn(bodies: readonly string[]): Signal[] {
  const byId = new Map<string, Signal>()
  for (const body of bodies) {
    try {
      const signal = readJson(body) as Signal
      byId.set(signal.UniqueId ?? '', signal)
    } catch {}
  }
  return [...byId.values()]
}
