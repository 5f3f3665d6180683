/** Tags as they stand on the wire of Elastic Load Balancing. */
import { tagPairs } from '../../../kernel/tag-operations.ts'

export const tagForm = tagPairs('Key', 'Value')
