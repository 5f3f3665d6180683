/** Inline policies of users, groups and roles: what the operations of all three do. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { PrincipalRecord } from '../state.ts'
import { checkIdentityPolicy, countedSize } from './document.ts'
import { encodeDocument, page } from './page.ts'
import { change, find, type PrincipalKind } from './principals.ts'

type Kind = PrincipalKind<PrincipalRecord>

const notFound = (kind: Kind, policy: string) =>
  new AwsError('NoSuchEntity', `The ${kind.word} policy with name ${policy} cannot be found.`, {
    status: 404,
  })

/** Adds or replaces a policy. Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded. */
export function putInlinePolicy(
  ctx: Context,
  kind: Kind,
  name: string,
  policy: string,
  document: string,
): void {
  const record = find(ctx, kind, name)
  checkIdentityPolicy(document, 'inline')
  const inlinePolicies = { ...record.inlinePolicies, [policy]: document }
  const size = Object.values(inlinePolicies).reduce((sum, text) => sum + countedSize(text), 0)
  if (size > kind.inlineLimit)
    throw new AwsError(
      'LimitExceeded',
      `Maximum policy size of ${kind.inlineLimit} bytes exceeded for ${kind.word} ${name}`,
      { status: 409 },
    )
  change(ctx, kind, record, { inlinePolicies })
}

/** Gives a policy as the wire has it. Errors: NoSuchEntity. */
export function getInlinePolicy(ctx: Context, kind: Kind, name: string, policy: string) {
  const document = entryOf(find(ctx, kind, name).inlinePolicies, policy)
  if (document === undefined) throw notFound(kind, policy)
  return { PolicyName: policy, PolicyDocument: encodeDocument(document) }
}

/** Errors: NoSuchEntity. */
export function deleteInlinePolicy(ctx: Context, kind: Kind, name: string, policy: string): void {
  const record = find(ctx, kind, name)
  const { [policy]: gone, ...inlinePolicies } = record.inlinePolicies
  if (gone === undefined) throw notFound(kind, policy)
  change(ctx, kind, record, { inlinePolicies })
}

/** Gives the names of the policies in a page. Errors: NoSuchEntity. */
export function listInlinePolicies(
  ctx: Context,
  kind: Kind,
  name: string,
  input: { Marker?: string; MaxItems?: number },
) {
  const { items, rest } = page(input, Object.keys(find(ctx, kind, name).inlinePolicies).sort())
  return { PolicyNames: items, ...rest }
}
