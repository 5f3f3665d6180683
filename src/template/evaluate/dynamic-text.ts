/** Dynamic references within a text: `{{resolve:ssm:…}}`, `{{resolve:ssm-secure:…}}`, `{{resolve:secretsmanager:…}}`. */

const REFERENCE = /\{\{resolve:([^{}]+)\}\}/g

/** Gives a text cut at its dynamic references, each as what stands behind `resolve:`. */
export function splitDynamic(text: string): (string | { readonly reference: string })[] {
  const parts: (string | { readonly reference: string })[] = []
  let from = 0
  for (const match of text.matchAll(REFERENCE)) {
    parts.push(text.slice(from, match.index), { reference: match[1]! })
    from = match.index + match[0].length
  }
  return [...parts, text.slice(from)]
}
