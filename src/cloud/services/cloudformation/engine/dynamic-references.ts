/** Dynamic references: `{{resolve:ssm:…}}`, `{{resolve:ssm-secure:…}}` and `{{resolve:secretsmanager:…}}`. */
import { entryOf, readJson } from '../../../../model/index.ts'
import { dynamicFault } from '../../../../template/index.ts'
import type { ResourceContext } from '../../../kernel/resource-type.ts'
import { validationError } from './validation-error.ts'

type Call = ResourceContext['call']

const REFERENCE = /\{\{resolve:([^{}]+)\}\}/g

/** Whether there is a dynamic reference anywhere in a value. */
export function hasDynamicReference(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{resolve:')
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(hasDynamicReference)
}

/**
 * Gives a resource's properties with every dynamic reference replaced, read with `call`.
 * Errors: ValidationError for a reference that is malformed or stands where it may not; those of the service.
 */
export async function resolveDynamicReferences(
  type: string,
  properties: Readonly<Record<string, unknown>>,
  call: Call,
): Promise<Record<string, unknown>> {
  const entries = await Promise.all(
    Object.entries(properties).map(async ([name, value]) => {
      for (const [, reference = ''] of (JSON.stringify(value) ?? '').matchAll(REFERENCE)) {
        const fault = dynamicFault(type, name, reference)
        if (fault !== undefined) throw validationError(fault)
      }
      return [name, await replaced(value, call)]
    }),
  )
  return Object.fromEntries(entries)
}

async function replaced(value: unknown, call: Call): Promise<unknown> {
  if (typeof value === 'string') return replacedText(value, call)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Promise.all(value.map((item) => replaced(item, call)))
  const entries = Object.entries(value).map(async ([key, item]) => [key, await replaced(item, call)])
  return Object.fromEntries(await Promise.all(entries))
}

async function replacedText(text: string, call: Call): Promise<string> {
  let result = ''
  let from = 0
  for (const match of text.matchAll(REFERENCE)) {
    result += text.slice(from, match.index) + (await fetch(match[1]!, call))
    from = match.index + match[0].length
  }
  return result + text.slice(from)
}

async function fetch(reference: string, call: Call): Promise<string> {
  const colon = reference.indexOf(':')
  const [service, rest] = [reference.slice(0, colon), reference.slice(colon + 1)]
  return service === 'secretsmanager' ? fetchSecret(rest, call) : fetchParameter(service, rest, call)
}

async function fetchParameter(service: string, name: string, call: Call): Promise<string> {
  const { Parameters } = await call('ssm', 'GetParameters', {
    Names: [name],
    WithDecryption: service === 'ssm-secure',
  })
  const found = Parameters?.[0]
  if (!found) throw validationError(`Parameters: [${service}:${name}] cannot be found.`)
  if (service === 'ssm' && found.Type === 'SecureString')
    throw validationError(
      `SSM Secure reference is needed for the parameter [${name}], which is a SecureString.`,
    )
  return found.Value ?? ''
}

/** AWS: `secret-id:SecretString:json-key:version-stage:version-id`; the id may be an ARN. */
async function fetchSecret(reference: string, call: Call): Promise<string> {
  const parts = reference.split(':')
  const id = parts.splice(0, reference.startsWith('arn:') ? 7 : 1).join(':')
  const [, key, stage, version] = parts
  const { SecretString } = await call('secretsmanager', 'GetSecretValue', {
    SecretId: id,
    VersionStage: stage || undefined,
    VersionId: version || undefined,
  })
  if (!key) return SecretString ?? ''
  const value = member(SecretString, key)
  if (value === undefined)
    throw validationError('Could not find a value associated with JSONKey in SecretString')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function member(secret: string | undefined, key: string): unknown {
  try {
    return entryOf(readJson(secret ?? '') as Record<string, unknown>, key)
  } catch {
    throw validationError('Could not parse SecretString JSON')
  }
}
