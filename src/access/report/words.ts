/** What a proof says, as documents for others tell it: policies in words, with the references beside them. */
import { type Explanation, inWords, policyName, type StatementReason } from '../../iam/index.ts'
import type { PolicyRef } from '../../model/index.ts'
import type { Edge } from '../proof/proof.ts'

type ToldReason = Omit<StatementReason, 'policy'> & { readonly policy: string; readonly ref: PolicyRef }

/** An edge whose reasons name their policies in words. */
export type ToldEdge = Omit<Edge, 'decidedBy' | 'granted'> & {
  readonly decidedBy: readonly ToldReason[]
  readonly granted?: readonly ToldReason[]
}

export const edgeInWords = ({ granted, ...edge }: Edge): ToldEdge => ({
  ...edge,
  decidedBy: edge.decidedBy.map((one) => inWords(one)),
  ...(granted && { granted: granted.map((one) => inWords(one)) }),
})

/** Gives an explanation whose findings name their policies in words. */
export const explanationInWords = ({ decision, policies, nearMisses, rules }: Explanation) => ({
  decision: { ...decision, decidedBy: decision.decidedBy.map((one) => inWords(one)) },
  policies: policies.map((finding) => ({
    ...finding,
    policy: policyName(finding.policy),
    ref: finding.policy,
    statements: finding.statements.map((one) => inWords(one)),
  })),
  nearMisses: nearMisses.map((one) => inWords(one)),
  rules,
})
