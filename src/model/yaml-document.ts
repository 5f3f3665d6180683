/** YAML texts of users as documents, in time that grows as they do. */
import {
  type Document,
  type DocumentOptions,
  isScalar,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  visit,
  YAMLParseError,
} from 'yaml'

/** The library compares each key with all before it: half a second with this many. */
const MANY = 5000

/** Gives the document with its errors; keys that stand twice are among them, as the library has it. */
export function yamlDocument(
  text: string,
  options: DocumentOptions & ParseOptions & SchemaOptions = {},
): Document.Parsed {
  if (!hasManyParts(text)) return parseDocument(text, options)
  const document = parseDocument(text, { ...options, uniqueKeys: false })
  document.errors.push(...duplicateKeys(document))
  return document
}

/** Whether there may be so many keys: each has a colon, a question mark or a comma beside it. */
function hasManyParts(text: string): boolean {
  let count = 0
  for (const _ of text.matchAll(/[:,?]/g)) if (++count > MANY) return true
  return false
}

function duplicateKeys(document: Document.Parsed): YAMLParseError[] {
  const errors: YAMLParseError[] = []
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value) && key.range)
          errors.push(
            new YAMLParseError([key.range[0], key.range[1]], 'DUPLICATE_KEY', 'Map keys must be unique'),
          )
        seen.add(key.value)
      }
    },
  })
  return errors
}
