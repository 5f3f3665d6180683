/** AWS::Lambda::Permission: one statement of a function's policy. */
import { formatArn, rootArn } from '../../../model/index.ts'
import { Choice, type Value } from '../../../template/index.ts'
import { type ResourceReader, textOf } from '../gathering.ts'

export const functionPermission: ResourceReader = {
  type: 'AWS::Lambda::Permission',
  read: ({ origin, properties, when }, into) => {
    const { account, region } = origin
    const name = textOf(properties.FunctionName) ?? ''
    const on = name.startsWith('arn:') ? name : formatArn('lambda', region, account, `function:${name}`)
    const written: Value = into.standIns.values(statementOf(on, properties))
    into.statements.push({ on, statement: when ? new Choice(when, written, undefined) : written, origin })
  },
}

/** AWS: AddPermission writes what is asked for into a statement so. */
function statementOf(on: string, properties: Readonly<Record<string, unknown>>) {
  const { Action, SourceArn, SourceAccount, PrincipalOrgID } = properties
  const equals = {
    ...(SourceAccount !== undefined && { 'aws:SourceAccount': SourceAccount }),
    ...(PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': PrincipalOrgID }),
  }
  const condition = {
    ...(Object.keys(equals).length && { StringEquals: equals }),
    ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
  }
  return {
    Effect: 'Allow',
    Principal: principalOf(textOf(properties.Principal) ?? ''),
    Action: textOf(Action) ?? '',
    Resource: on,
    ...(Object.keys(condition).length && { Condition: condition }),
  }
}

/** AWS: a service, an account number, `*`, or an ARN. */
function principalOf(principal: string) {
  if (principal === '*') return principal
  if (/^\d{12}$/.test(principal)) return { AWS: rootArn(principal) }
  return /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(principal) ? { Service: principal } : { AWS: principal }
}
