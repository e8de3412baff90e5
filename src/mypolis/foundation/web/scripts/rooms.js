// The desk's bar of a phone scrolls: the entry of this page is shown, wherever it is in the bar.
const list = document.querySelector(".rooms-list"), current = list?.querySelector("[aria-current]");
if (current) list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
