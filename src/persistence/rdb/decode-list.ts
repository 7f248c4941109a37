/** Decodes lists: element by element, as one ziplist, or as nodes that are ziplists or listpacks. */

import { copy } from '../../base/bytes.js'
import { Encoding } from '../../keyspace/entry.js'
import type { Arena } from '../../memory/arena.js'
import type { Pointer } from '../../memory/pointer.js'
import * as edit from '../../structures/listpack-edit.js'
import * as listpack from '../../structures/listpack.js'
import { countLimit, sizeLimit } from '../../structures/quicklist-nodes.js'
import * as quicklists from '../../structures/quicklist.js'
import { type ByteSource, Fault } from '../byte-source.js'
import { type DecodeContext, Status, type ValueReader } from './decode-context.js'
import { ListNode, ValueType } from './format.js'
import { RdbString, readLength } from './input.js'
import { ZiplistWalk } from './ziplist.js'

/** A node cannot count more elements. */
const NODE_ELEMENTS_MAX = 0xffff
const FILL_MAX = 32767
const FILL_MIN = -5

export class ListReader implements ValueReader {
  encoding: Encoding
  value: Pointer
  private readonly context: DecodeContext
  private readonly arena: Arena
  private readonly source: ByteSource
  private readonly text: RdbString
  private readonly walk: ZiplistWalk
  private readonly element: listpack.ListpackElement
  private typeByte: number
  /** Units to come; -1 before their number was read. */
  private left: number

  constructor(context: DecodeContext) {
    this.encoding = Encoding.quicklist
    this.value = 0
    this.context = context
    this.arena = context.arena
    this.source = context.source
    this.text = new RdbString()
    this.walk = new ZiplistWalk()
    this.element = new listpack.ListpackElement()
    this.typeByte = 0
    this.left = -1
  }

  begin(typeByte: number): void {
    this.typeByte = typeByte
    this.encoding = Encoding.quicklist
    this.value = 0
    this.left = -1
  }

  step(): Status {
    if (this.typeByte === ValueType.listZiplist) return this.readZiplist()
    if (this.left < 0) return this.readCount()
    const status = this.typeByte === ValueType.list ? this.readElement() : this.readNode()
    if (status !== Status.more || --this.left > 0) return status
    return this.finish()
  }

  abandon(): void {
    if (this.value !== 0) {
      if (this.encoding === Encoding.quicklist) quicklists.free(this.arena, this.value)
      else this.arena.free(this.value)
    }
    this.value = 0
  }

  private readCount(): Status {
    const count = readLength(this.source)
    if (this.source.fault !== Fault.none) return Status.failed
    if (count === 0) return Status.empty
    if (!this.context.believes(count, 1)) return Status.failed
    this.left = count
    return this.create() ? Status.more : Status.noMemory
  }

  private create(): boolean {
    const { depth, fill } = this.context.keyspace.lists
    this.value = quicklists.create(this.arena, Math.max(FILL_MIN, Math.min(fill, FILL_MAX)), depth)
    return this.value !== 0
  }

  private readElement(): Status {
    const { source, text } = this
    text.read(source)
    if (source.fault !== Fault.none) return Status.failed
    return this.push(text.bytes, text.start, text.end)
  }

  private push(bytes: Uint8Array, start: number, end: number): Status {
    const { largeBytes } = this.context.keyspace.lists
    return quicklists.push(this.arena, this.value, false, bytes, start, end, largeBytes) ? Status.more : Status.noMemory
  }

  private readNode(): Status {
    const { source, text } = this
    const kind = this.typeByte === ValueType.listQuicklist2 ? readLength(source) : ListNode.packed
    text.read(source)
    if (source.fault !== Fault.none) return Status.failed
    if (kind !== ListNode.packed && kind !== ListNode.plain) {
      return this.context.corrupt('Quicklist integrity check failed.')
    }
    if (text.length === 0) return this.context.corrupt('Quicklist node without content')
    if (kind === ListNode.plain) return this.addPlain()
    return this.typeByte === ValueType.listQuicklist2 ? this.addListpack() : this.addZiplist()
  }

  private addPlain(): Status {
    const { bytes, end, start } = this.text
    const block = this.arena.allocate(end - start)
    if (block === 0) return Status.noMemory
    copy(bytes, start, end, this.context.bytesOf(block), this.context.startOf(block))
    if (quicklists.appendPlain(this.arena, this.value, block, end - start)) return Status.more
    this.arena.free(block)
    return Status.noMemory
  }

  private addListpack(): Status {
    const { bytes, end, start } = this.text
    this.context.noteSanitized()
    if (!this.context.isListpack(bytes, start, end, 1)) return this.context.corrupt('Listpack integrity check failed.')
    if (listpack.count(bytes, start) > NODE_ELEMENTS_MAX) return this.pushAll(bytes, start)
    return this.addNode(this.context.keep(bytes, start, end))
  }

  private addZiplist(): Status {
    const { bytes, end, start } = this.text
    const node = this.walk.open(bytes, start, end) ? this.context.importZiplist(this.walk, end - start) : undefined
    if (node === undefined) return this.context.corrupt('Ziplist integrity check failed.')
    if (node === 0) return Status.noMemory
    const own = this.context.bytesOf(node)
    if (listpack.count(own, this.context.startOf(node)) <= NODE_ELEMENTS_MAX) return this.addNode(node)
    const status = this.pushAll(own, this.context.startOf(node))
    this.arena.free(node)
    return status
  }

  /** Adds a listpack as a node; one without elements is dropped. */
  private addNode(node: Pointer): Status {
    if (node === 0) return Status.noMemory
    if (listpack.count(this.context.bytesOf(node), this.context.startOf(node)) === 0) {
      this.arena.free(node)
      return Status.more
    }
    if (quicklists.appendListpack(this.arena, this.value, node)) return Status.more
    this.arena.free(node)
    return Status.noMemory
  }

  /** Adds the elements of a listpack that has more of them than a node may. */
  private pushAll(bytes: Uint8Array, start: number): Status {
    const { element } = this
    for (let at = listpack.first(start); bytes[at] !== listpack.END; at = listpack.next(bytes, at)) {
      listpack.readText(bytes, at, element)
      const status = this.push(element.bytes, element.start, element.end)
      if (status !== Status.more) return status
    }
    return Status.more
  }

  private readZiplist(): Status {
    const { source, text, walk } = this
    text.read(source)
    if (source.fault !== Fault.none) return Status.failed
    if (!this.create()) return Status.noMemory
    if (!walk.open(text.bytes, text.start, text.end)) return this.brokenZiplist()
    for (let step = walk.next(); step !== 0; step = walk.next()) {
      if (step < 0) return this.brokenZiplist()
      this.context.entryText(walk, this.element)
      const status = this.push(this.element.bytes, this.element.start, this.element.end)
      if (status !== Status.more) return status
    }
    return quicklists.count(this.arena, this.value) === 0 ? this.endEmpty() : Status.done
  }

  private brokenZiplist(): Status {
    return this.context.corrupt('List ziplist integrity check failed.')
  }

  private endEmpty(): Status {
    this.abandon()
    return Status.empty
  }

  /** A list of one small node becomes a listpack. */
  private finish(): Status {
    const { arena, value } = this
    const { fill } = this.context.keyspace.lists
    const elements = quicklists.count(arena, value)
    if (elements === 0) return this.endEmpty()
    if (quicklists.onlyListpackBytes(arena, value) > sizeLimit(fill) || elements > countLimit(fill)) return Status.done
    const compact = quicklists.takeOnlyListpack(arena, value)
    if (compact === 0) return Status.done
    this.value = edit.shrinkToFit(arena, compact)
    this.encoding = Encoding.listpack
    return Status.done
  }
}
