/** Lists the principals that a policy names. */
import type { PolicyDocument } from '../model/index.ts'
import { type PrincipalKind, principalLists, readDocument, statementsOf } from './read-document.ts'

/** Every principal of a document once, by kind, as written and in order; `*` stands under `aws`. */
export interface NamedPrincipals {
  readonly aws: readonly string[]
  readonly service: readonly string[]
  readonly federated: readonly string[]
  readonly canonicalUser: readonly string[]
}

/** Gives the principals in Principal and NotPrincipal elements. Throws PolicySyntaxError. */
export function principalsOf(document: PolicyDocument | string): NamedPrincipals {
  const elements = statementsOf(readDocument(document))
    .flatMap((statement) => [statement.Principal, statement.NotPrincipal])
    .filter((element) => element !== undefined)
  const named = (kind: PrincipalKind) => [
    ...new Set(elements.flatMap((element) => principalLists(element)[kind])),
  ]
  return {
    aws: named('AWS'),
    service: named('Service'),
    federated: named('Federated'),
    canonicalUser: named('CanonicalUser'),
  }
}
