/** Action types that somebody registered in an account and region, beside AWS's own: job workers do their work. */
import { type ActionTypeId, type Need, plainText } from '../model/index.ts'
import { type ActionProvider, type Bounds, between } from './provider.ts'
import type { ActionSurroundings } from './surroundings.ts'

export interface RegisteredProperty {
  readonly name: string
  readonly required: boolean
  readonly secret: boolean
  readonly key: boolean
  /** A job worker may ask for the jobs of one of its values only. */
  readonly queryable: boolean
}

export interface RegisteredType {
  readonly type: ActionTypeId
  readonly properties: readonly RegisteredProperty[]
  readonly inputs: Bounds
  readonly outputs: Bounds
}

/** Gives what is registered under an action type's name where a pipeline is; undefined where nothing is. */
export type FindRegistered = (type: ActionTypeId) => ActionProvider | undefined

/** AWS: the value of a queryable property, CreateCustomActionType's `configurationProperties`. */
const QUERYABLE = /^[\w-]{1,20}$/

/** Whether two are the same type. */
export const isSameType = (one: ActionTypeId, other: ActionTypeId): boolean =>
  one.category === other.category &&
  one.owner === other.owner &&
  one.provider === other.provider &&
  one.version === other.version

/** Whether actions of a type are done by job workers that its owner runs. */
export const isJobWorked = ({ owner }: ActionTypeId): boolean => owner !== 'AWS'

/** Gives the provider that a registered type is for whoever declares, checks or proves an action of it. */
export function registeredProvider({ type, properties, inputs, outputs }: RegisteredType): ActionProvider {
  const queryable = properties.find((one) => one.queryable)?.name
  return {
    type,
    inputs,
    outputs,
    configuration: Object.fromEntries(
      properties.map(({ name, required, secret }) => [name, { required, secret }]),
    ),
    variables: 'dynamic',
    check: ({ configuration = {} }) => {
      const value = queryable === undefined ? undefined : configuration[queryable]
      return value && !value.includes('#{') && !QUERYABLE.test(value)
        ? [`${queryable} is queryable, so its value has up to 20 letters, digits, underscores and hyphens`]
        : []
    },
    needs: jobWorkerNeeds,
  }
}

/**
 * Gives what an action of a job worker needs. AWS: the worker polls and reports as whoever it is, outside of every
 * pipeline; the credentials for the artifacts that come with a job are a session of the pipeline's role
 * (API reference, AWSSessionCredentials: "access input and output artifacts in the S3 bucket").
 */
export const jobWorkerNeeds = ({ action, role, reads, writes }: ActionSurroundings): Need[] => [
  ...(action.inputArtifacts ?? []).flatMap(({ name }) =>
    reads(role, name, `to hand the artifact ${name} to the job worker`),
  ),
  ...(action.outputArtifacts ?? []).flatMap(({ name }) =>
    writes(role, name, `to take the artifact ${name} from the job worker`),
  ),
]

type Properties = Readonly<Record<string, unknown>>

/** Gives what the properties of AWS::CodePipeline::CustomActionType register; what is not told stands for its default. */
export function typeInTemplate(properties: Properties): RegisteredType {
  const list = Array.isArray(properties.ConfigurationProperties) ? properties.ConfigurationProperties : []
  return {
    type: {
      category: plainText(properties.Category ?? '') as ActionTypeId['category'],
      owner: 'Custom',
      provider: plainText(properties.Provider ?? ''),
      version: plainText(properties.Version ?? ''),
    },
    properties: list.filter(isRecord).map((one) => ({
      name: plainText(one.Name ?? ''),
      required: isTrue(one.Required),
      secret: isTrue(one.Secret),
      key: isTrue(one.Key),
      queryable: isTrue(one.Queryable),
    })),
    inputs: boundsOf(properties.InputArtifactDetails),
    outputs: boundsOf(properties.OutputArtifactDetails),
  }
}

const isTrue = (value: unknown): boolean => value === true || value === 'true'

const isRecord = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function boundsOf(details: unknown): Bounds {
  const { MinimumCount = 0, MaximumCount = 5 } = isRecord(details) ? details : {}
  return between(Number(MinimumCount), Number(MaximumCount))
}
