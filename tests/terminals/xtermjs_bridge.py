"""xterm.js in Chromium as a terminal emulator: serves a page, bridges a pty over a websocket.
usage: xtermjs_bridge.py DIR [--ver N] -- COMMAND...   (DIR/xtermjs.json holds the options)"""
import asyncio, fcntl, json, os, pty, struct, subprocess, sys, termios, http, mimetypes
import websockets
from websockets.asyncio.server import serve
from websockets.http11 import Response
from websockets.datastructures import Headers
HERE = os.path.dirname(os.path.abspath(__file__)); D = sys.argv[1]
WORK = os.environ.get('TEST_TERMINALS') or os.path.join(HERE, '..', '..', 'target', 'terminals')
cmd = sys.argv[sys.argv.index('--') + 1:]
cfg = json.load(open(D + '/xtermjs.json'))
PAGE = '''<!doctype html><meta charset=utf-8><link rel=stylesheet href="/n/@xterm/xterm/css/xterm.css">
<style>html,body{margin:0;background:BG;overflow:hidden}</style><div id=t style="display:inline-block"></div>
<script src="/n/@xterm/xterm/lib/xterm.js"></script><script src="/n/@xterm/addon-webgl/lib/addon-webgl.js"></script>
<script src="/n/@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.js"></script><script>
const c = CFG;
const term = new Terminal(Object.assign({cols:c.cols, rows:c.rows, fontFamily:c.fontFamily, fontSize:c.fontSize, theme:c.theme, cursorBlink:false, allowProposedApi:true, scrollback:0, overviewRuler:{}}, c.opts));
term.open(document.getElementById('t'));
let rr = 'dom';
if (c.renderer == 'webgl') { try { const a = new WebglAddon.WebglAddon(); term.loadAddon(a); rr='webgl'; } catch(e) { rr='dom ('+e+')'; } }
const ws = new WebSocket('ws://' + location.host + '/ws'); ws.binaryType='arraybuffer';
const enc = new TextEncoder();
ws.onmessage = e => term.write(new Uint8Array(e.data));
term.onData(d => ws.send(enc.encode(d))); term.onBinary(d => ws.send(Uint8Array.from(d, ch => ch.charCodeAt(0))));
ws.onopen = () => setTimeout(() => { const s = document.querySelector('.xterm-screen').getBoundingClientRect();
  ws.send(JSON.stringify({renderer: rr, crop:[s.left, s.top, s.width, s.height].map(Math.round)})); term.focus(); }, 600);
</script>'''
PAGE = PAGE.replace('CFG', json.dumps(cfg)).replace('BG', cfg['theme']['background'])
def resp(body, ctype): 
    if isinstance(body, str): body = body.encode()
    return Response(200, 'OK', Headers([('Content-Type', ctype), ('Content-Length', str(len(body)))]), body)
def process(conn, req):
    if req.path == '/ws': return None
    if req.path == '/': return resp(PAGE, 'text/html; charset=utf-8')
    if req.path.startswith('/n/') and '..' not in req.path:
        p = WORK + '/xtermjs/node_modules/' + req.path[3:]
        if os.path.exists(p): return resp(open(p, 'rb').read(), mimetypes.guess_type(p)[0] or 'text/plain')
    return Response(404, 'no', Headers([('Content-Length', '0')]), b'')
pid = fd = None
async def handler(ws):
    global pid, fd
    loop = asyncio.get_running_loop(); q = asyncio.Queue()
    first = json.loads(await ws.recv())
    json.dump(first['crop'], open(D + '/crop.json', 'w')); open(D + '/renderer', 'w').write(first['renderer']); print('renderer', first, file=sys.stderr, flush=True)
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM='xterm-256color', COLORTERM='truecolor')
        os.execvp(cmd[0], cmd)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', cfg['rows'], cfg['cols'], 0, 0))
    def rd():
        try: q.put_nowait(os.read(fd, 65536))
        except OSError: loop.remove_reader(fd)
    loop.add_reader(fd, rd)
    async def out():
        while True: await ws.send(await q.get())
    t = asyncio.create_task(out())
    async for m in ws:
        if isinstance(m, bytes): os.write(fd, m)
async def main():
    async with serve(handler, '127.0.0.1', 0, process_request=process, compression=None) as s:
        port = s.sockets[0].getsockname()[1]
        subprocess.Popen(['chromium', '--no-sandbox', '--no-first-run', '--disable-gpu-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
            '--disable-dev-shm-usage', '--disable-extensions', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-default-browser-check',
            '--disable-features=Translate,MediaRouter', '--hide-scrollbars', '--password-store=basic', '--disable-infobars', '--test-type', '--user-data-dir=' + D + '/chrome',
            '--window-position=0,0', '--window-size=%d,%d' % (cfg['cols'] * cfg['fontSize'] * 0.61 + 60, cfg['rows'] * cfg['fontSize'] * 1.35 + 80), f'--app=http://127.0.0.1:{port}/'], stdin=subprocess.DEVNULL)
        await asyncio.Future()
asyncio.run(main())
