/**
 * Holds replies to what their command declares: `reply` of its specification names the shapes a success can have.
 */

import type { CommandSpec } from '../../src/engine/command.js'
import { DecodeStatus, ReplyDecoder, type ReplyNode, ReplyType, TYPED } from '../../src/protocol/reply-decoder.js'

type Protocol = 2 | 3

/** Every reply in a piece of output, out-of-band messages left out. Throws when the bytes are none, or end within one. */
export function repliesIn(output: Uint8Array): ReplyNode[] {
  const decoder = new ReplyDecoder(TYPED)
  decoder.feed(output)
  const replies: ReplyNode[] = []
  for (;;) {
    const status = decoder.next()
    if (status === DecodeStatus.Incomplete && decoder.pendingBytes === 0) return replies
    if (status === DecodeStatus.Incomplete || status === DecodeStatus.Malformed) {
      throw new Error(`malformed output: ${JSON.stringify(Buffer.from(output).toString('latin1'))}`)
    }
    if (status === DecodeStatus.Reply) replies.push(decoder.value as ReplyNode)
  }
}

export function isErrorReply(reply: ReplyNode): boolean {
  return reply.type === ReplyType.error || reply.type === ReplyType.bulkError
}

/**
 * What is wrong with a reply; undefined when it is an error or has one of the declared shapes.
 *
 * @param queued  of EXEC: the commands whose replies are its items
 */
export function replyFault(
  command: CommandSpec,
  reply: ReplyNode,
  protocol: Protocol,
  queued: readonly CommandSpec[] = [],
): string | undefined {
  if (isErrorReply(reply)) return undefined
  if (command.reply === undefined) return `${command.fullName} declares no reply`
  const shapes = command.reply.split('|')
  if (!shapes.some((shape) => hasShape(shape, reply, protocol))) {
    return `${command.fullName} declares '${command.reply}' and replied ${describe(reply)} in RESP${protocol}`
  }
  if (command.name !== 'EXEC' || reply.items === undefined) return undefined
  if (reply.items.length !== queued.length)
    return `exec replied ${reply.items.length} items for ${queued.length} commands`
  return firstDefined(queued, (inner, i) => replyFault(inner, reply.items![i]!, protocol))
}

function firstDefined<T>(list: readonly T[], find: (item: T, index: number) => string | undefined): string | undefined {
  for (const [i, item] of list.entries()) {
    const found = find(item, i)
    if (found !== undefined) return found
  }
  return undefined
}

function hasShape(shape: string, reply: ReplyNode, protocol: Protocol): boolean {
  const { type, content, items } = reply
  const isText = type === ReplyType.bulk && content !== null
  switch (shape) {
    case 'any':
      return true
    case 'ok':
      return type === ReplyType.simple && Buffer.from(content!).toString('latin1') === 'OK'
    case 'simple':
      return type === ReplyType.simple
    case 'integer':
      return type === ReplyType.integer
    case 'bulk':
      return isText
    case 'nil':
      return protocol === 3 ? type === ReplyType.nil : type === ReplyType.bulk && content === null
    case 'nil-array':
      return protocol === 3 ? type === ReplyType.nil : type === ReplyType.array && items === undefined
    case 'double':
      return protocol === 3 ? type === ReplyType.double : isText && isDouble(Buffer.from(content).toString('latin1'))
    case 'boolean':
      return protocol === 3 ? type === ReplyType.boolean : type === ReplyType.integer && content!.length === 1
    case 'verbatim':
      return protocol === 3 ? type === ReplyType.verbatim : isText
    case 'array':
    case 'unordered':
      return type === ReplyType.array && items !== undefined
    case 'set':
      return type === (protocol === 3 ? ReplyType.set : ReplyType.array) && items !== undefined
    case 'map':
      if (protocol === 3) return type === ReplyType.map
      return type === ReplyType.array && items !== undefined && items.length % 2 === 0
    default:
      throw new Error(`no such reply shape: ${shape}`)
  }
}

function isDouble(text: string): boolean {
  return /^-?(?:inf|\d+(?:\.\d+)?(?:e[+-]?\d+)?)$|^-?nan$/.test(text)
}

function describe(reply: ReplyNode): string {
  const text =
    reply.content === null ? 'nil' : JSON.stringify(Buffer.from(reply.content).toString('latin1').slice(0, 100))
  return reply.items === undefined
    ? `${String.fromCharCode(reply.type)} ${text}`
    : `${String.fromCharCode(reply.type)} of ${reply.items.length}`
}
