"""The words on the paper of sales documents, in the languages that customers are written to in.

They are the paper's, not the screen's: a shop whose screen is German writes to a customer in
France in French. A value goes in where the braces are.
"""

from pos_app.printing.document_page import LANGUAGES
from pos_app.printing.document_text import isolated

# English, German, French, Chinese, Arabic: the order of LANGUAGES.
_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "quotation": ("Quotation", "Angebot", "Devis", "报价单", "عرض سعر"),
    "order": (
        "Order confirmation",
        "Auftragsbestätigung",
        "Confirmation de commande",
        "订单确认书",
        "تأكيد الطلب",
    ),
    "delivery_note": ("Delivery note", "Lieferschein", "Bon de livraison", "送货单", "سند تسليم"),
    "invoice": ("Invoice", "Rechnung", "Facture", "发票", "فاتورة"),
    "credit_note": ("Credit note", "Rechnungskorrektur", "Avoir", "红字发票", "إشعار دائن"),
    "return": ("Return note", "Rückgabeschein", "Bon de retour", "退货单", "سند إرجاع"),
    "statement": (
        "Statement of account",
        "Kontoauszug",
        "Relevé de compte",
        "对账单",
        "كشف حساب",
    ),
    "reminder": (
        "Payment reminder",
        "Zahlungserinnerung",
        "Rappel de paiement",
        "付款提醒",
        "تذكير بالدفع",
    ),
    "second_reminder": (
        "Second reminder",
        "Mahnung",
        "Deuxième rappel",
        "第二次付款提醒",
        "تذكير ثانٍ بالدفع",
    ),
    "last_reminder": (
        "Final reminder",
        "Letzte Mahnung",
        "Dernier rappel",
        "最后一次付款提醒",
        "التذكير الأخير بالدفع",
    ),
    "draft": ("Draft", "Entwurf", "Brouillon", "草稿", "مسودة"),
    "training": ("Training", "Übung", "Formation", "培训", "تدريب"),
    # The details beside the address.
    "date": ("Date", "Datum", "Date", "日期", "التاريخ"),
    "quotation_number": ("Quotation no.", "Angebotsnr.", "Devis n°", "报价单号", "رقم العرض"),
    "order_number": ("Order no.", "Auftragsnr.", "Commande n°", "订单号", "رقم الطلب"),
    "delivery_number": (
        "Delivery note no.",
        "Lieferscheinnr.",
        "Bon de livraison n°",
        "送货单号",
        "رقم سند التسليم",
    ),
    "invoice_number": ("Invoice no.", "Rechnungsnr.", "Facture n°", "发票号", "رقم الفاتورة"),
    "credit_number": ("Credit note no.", "Korrekturnr.", "Avoir n°", "红字发票号", "رقم الإشعار"),
    "return_number": ("Return no.", "Rückgabenr.", "Retour n°", "退货单号", "رقم الإرجاع"),
    "sale_number": ("Receipt no.", "Belegnr.", "Ticket n°", "小票号", "رقم الإيصال"),
    "customer_number": ("Customer no.", "Kundennr.", "Client n°", "客户编号", "رقم العميل"),
    "reference": ("Your reference", "Ihr Zeichen", "Votre référence", "贵方编号", "مرجعكم"),
    "your_tax_number": (
        "Your tax no.",
        "Ihre Steuernr.",
        "Votre n° TVA",
        "贵方税号",
        "رقمكم الضريبي",
    ),
    "contact": ("Contact", "Ansprechpartner", "Contact", "联系人", "جهة الاتصال"),
    "valid_until": ("Valid until", "Gültig bis", "Valable jusqu'au", "有效期至", "صالح حتى"),
    "due": ("Payable by", "Zahlbar bis", "À payer avant le", "付款期限", "يستحق في"),
    "delivered_on": ("Delivered on", "Lieferdatum", "Livré le", "交货日期", "تاريخ التسليم"),
    "deliver_by": ("Delivery by", "Lieferung bis", "Livraison avant le", "交货期限", "التسليم حتى"),
    "carrier": ("Carrier", "Spedition", "Transporteur", "承运商", "شركة الشحن"),
    "tracking": ("Tracking no.", "Sendungsnr.", "N° de suivi", "运单号", "رقم التتبع"),
    "delivery_address": (
        "Delivery address",
        "Lieferanschrift",
        "Adresse de livraison",
        "送货地址",
        "عنوان التسليم",
    ),
    # The heads of columns.
    "position": ("No.", "Pos.", "N°", "序号", "م"),
    "code": ("Item no.", "Artikelnr.", "Référence", "货号", "رقم الصنف"),
    "description": ("Description", "Bezeichnung", "Désignation", "品名", "البيان"),
    "quantity": ("Quantity", "Menge", "Quantité", "数量", "الكمية"),
    "ordered": ("Ordered", "Bestellt", "Commandé", "订购数量", "المطلوب"),
    "delivered": ("Delivered", "Geliefert", "Livré", "交货数量", "المُسلَّم"),
    "unit": ("Unit", "Einheit", "Unité", "单位", "الوحدة"),
    "unit_price": ("Unit price", "Einzelpreis", "Prix unitaire", "单价", "سعر الوحدة"),
    "line_discount": ("Discount", "Rabatt", "Remise", "折扣", "الخصم"),
    "tax_rate": ("Tax", "USt.", "TVA", "税率", "الضريبة"),
    "amount": ("Amount", "Betrag", "Montant", "金额", "المبلغ"),
    "document": ("Document", "Beleg", "Pièce", "单据", "المستند"),
    "charged": ("Charged", "Soll", "Débit", "借方", "مدين"),
    "received": ("Received", "Haben", "Crédit", "贷方", "دائن"),
    "balance": ("Balance", "Saldo", "Solde", "余额", "الرصيد"),
    "open": ("Still owed", "Offen", "Reste dû", "未付金额", "المتبقي"),
    "days_late": ("Days late", "Verzugstage", "Jours de retard", "逾期天数", "أيام التأخير"),
    "due_on": ("Due on", "Fällig am", "Échéance", "到期日", "تاريخ الاستحقاق"),
    # Totals and taxes.
    "subtotal": ("Subtotal", "Zwischensumme", "Sous-total", "小计", "المجموع الفرعي"),
    "discount": ("Discount", "Rabatt", "Remise", "折扣", "الخصم"),
    "net": ("Net", "Netto", "Total HT", "不含税金额", "الصافي"),
    "tax": ("Tax", "Umsatzsteuer", "TVA", "税额", "الضريبة"),
    "gross": ("Total with tax", "Gesamtbetrag", "Total TTC", "价税合计", "الإجمالي مع الضريبة"),
    "total": ("Total", "Gesamtbetrag", "Total", "合计", "الإجمالي"),
    "rounding": ("Rounding", "Rundung", "Arrondi", "尾差调整", "التقريب"),
    "paid": ("Paid", "Bezahlt", "Déjà payé", "已付", "المدفوع"),
    "credited": ("Credited", "Gutgeschrieben", "Avoirs", "已冲销", "المقيَّد للعميل"),
    "amount_due": ("Amount due", "Zu zahlen", "Net à payer", "应付金额", "المبلغ المستحق"),
    "credit_total": (
        "Credit",
        "Gutschriftbetrag",
        "Montant de l'avoir",
        "贷记金额",
        "مبلغ الإشعار",
    ),
    "in_your_favour": (
        "In your favour",
        "Zu Ihren Gunsten",
        "En votre faveur",
        "贵方结余",
        "لصالحكم",
    ),
    "taxable": ("Net", "Netto", "Base HT", "不含税金额", "الصافي"),
    "tax_amount": ("Tax amount", "Steuer", "Montant TVA", "税额", "مبلغ الضريبة"),
    "prices_include_tax": (
        "Prices include tax.",
        "Die Preise enthalten die Umsatzsteuer.",
        "Les prix sont indiqués TTC.",
        "单价为含税价。",
        "الأسعار شاملة الضريبة.",
    ),
    "prices_without_tax": (
        "Prices are without tax.",
        "Die Preise verstehen sich zuzüglich Umsatzsteuer.",
        "Les prix sont indiqués hors taxes.",
        "单价为不含税价。",
        "الأسعار غير شاملة الضريبة.",
    ),
    "opening_balance": (
        "Opening balance",
        "Anfangssaldo",
        "Solde initial",
        "期初余额",
        "الرصيد الافتتاحي",
    ),
    "closing_balance": (
        "Closing balance",
        "Endsaldo",
        "Solde final",
        "期末余额",
        "الرصيد الختامي",
    ),
    "payment": ("Payment", "Zahlung", "Paiement", "付款", "دفعة"),
    "paid_back": ("Paid back", "Rückzahlung", "Remboursement", "退款", "مبلغ مُعاد"),
    "account_sale": (
        "Sale on account",
        "Kauf auf Rechnung",
        "Vente à crédit",
        "赊销",
        "بيع على الحساب",
    ),
    "account_return": (
        "Return on account",
        "Rückgabe auf Rechnung",
        "Retour à crédit",
        "赊销退货",
        "إرجاع على الحساب",
    ),
    "account_payment": (
        "Payment to the account",
        "Zahlung auf das Konto",
        "Paiement sur le compte",
        "账户付款",
        "دفعة إلى الحساب",
    ),
    "not_due": ("Not due", "Nicht fällig", "Non échu", "未到期", "غير مستحق"),
    "days": ("{range} days", "{range} Tage", "{range} jours", "{range} 天", "{range} يومًا"),
    "days_above": (
        "Over {last} days",
        "Über {last} Tage",
        "Plus de {last} jours",
        "超过 {last} 天",
        "أكثر من {last} يومًا",
    ),
    "of_it_overdue": ("Of it overdue", "Davon überfällig", "Dont échu", "其中逾期", "منه متأخر"),
    "from_to": (
        "{first} to {last}",
        "{first} bis {last}",
        "du {first} au {last}",
        "{first} 至 {last}",
        "من {first} إلى {last}",
    ),
    "levy": ("Levy", "Abgabe", "Taxe", "规费", "رسم"),
    "cancelled": ("Cancelled", "Storniert", "Annulé", "已取消", "ملغى"),
    "period": ("Period", "Zeitraum", "Période", "期间", "الفترة"),
    # Running over pages.
    "page": (
        "Page {page} of {pages}",
        "Seite {page} von {pages}",
        "Page {page} sur {pages}",
        "第 {page} 页，共 {pages} 页",
        "صفحة {page} من {pages}",
    ),
    "carried_forward": ("Carried forward", "Übertrag", "À reporter", "转下页", "يُرحَّل"),
    "brought_forward": (
        "Brought forward",
        "Übertrag",
        "Report",
        "承上页",
        "منقول من الصفحة السابقة",
    ),
    # Paying.
    "payment_heading": ("How to pay", "Zahlung", "Règlement", "付款方式", "الدفع"),
    "holder": ("Account holder", "Kontoinhaber", "Titulaire", "户名", "صاحب الحساب"),
    "iban": ("IBAN", "IBAN", "IBAN", "IBAN", "IBAN"),
    "bic": ("BIC", "BIC", "BIC", "BIC", "BIC"),
    "bank": ("Bank", "Bank", "Banque", "开户行", "البنك"),
    "remittance": ("Reference", "Referenz", "Communication", "付款附言", "بيان التحويل"),
    "scan": (
        "Scan with your bank's app to pay",
        "Mit der Banking-App scannen und zahlen",
        "À scanner avec l'application de votre banque",
        "用银行应用扫码付款",
        "امسح الرمز بتطبيق البنك للدفع",
    ),
    "pay_by": (
        "Please pay by {day}.",
        "Bitte zahlen Sie bis zum {day}.",
        "Merci de régler avant le {day}.",
        "请于 {day} 前付款。",
        "يُرجى الدفع حتى {day}.",
    ),
    "pay_early": (
        "{percent} off if you pay by {day}: {amount}.",
        "Bei Zahlung bis zum {day} {percent} Skonto: {amount}.",
        "Escompte de {percent} pour un règlement avant le {day} : {amount}.",
        "{day} 前付款可享 {percent} 折扣：{amount}。",
        "خصم {percent} عند الدفع حتى {day}: {amount}.",
    ),
    "settled": (
        "This invoice is paid. Thank you.",
        "Diese Rechnung ist bezahlt. Vielen Dank.",
        "Cette facture est réglée. Merci.",
        "本发票已付清，谢谢。",
        "هذه الفاتورة مسددة. شكرًا لكم.",
    ),
    # Headings and standing sentences.
    "terms": (
        "Terms of payment",
        "Zahlungsbedingungen",
        "Conditions de paiement",
        "付款条款",
        "شروط الدفع",
    ),
    "shipping_terms": (
        "Terms of delivery",
        "Lieferbedingungen",
        "Conditions de livraison",
        "交货条款",
        "شروط التسليم",
    ),
    "notes": ("Notes", "Hinweise", "Remarques", "备注", "ملاحظات"),
    "reason": ("Reason", "Grund", "Motif", "原因", "السبب"),
    "credits_invoice": (
        "This credit note is for invoice {number}.",
        "Diese Rechnungskorrektur gehört zur Rechnung {number}.",
        "Cet avoir se rapporte à la facture {number}.",
        "本红字发票对应发票 {number}。",
        "هذا الإشعار يخص الفاتورة {number}.",
    ),
    "received_goods": (
        "Goods received in good order",
        "Ware vollständig erhalten",
        "Marchandise reçue en bon état",
        "货物已验收",
        "استُلمت البضاعة سليمة",
    ),
    "place_and_date": (
        "Place, date",
        "Ort, Datum",
        "Lieu, date",
        "地点、日期",
        "المكان والتاريخ",
    ),
    "reminder_text": (
        (
            "You may have overlooked it: the following is still open in our books. Please pay by "
            "{day}. If your payment is already on its way, please disregard this letter."
        ),
        (
            "sicher haben Sie es nur übersehen: Folgendes ist bei uns noch offen. Bitte zahlen Sie "
            "bis zum {day}. Falls Ihre Zahlung schon unterwegs ist, betrachten Sie dieses "
            "Schreiben als gegenstandslos."
        ),
        (
            "Sauf erreur de notre part, les montants ci-dessous restent dus. Nous vous remercions "
            "de les régler avant le {day}. Si votre paiement est déjà parti, ne tenez pas compte "
            "de cette lettre."
        ),
        "以下款项尚未付清，请于 {day} 前付款。如您已付款，请忽略本函。",
        (
            "لعلّ الأمر قد سها عنكم: المبالغ التالية ما زالت غير مسددة لدينا. يُرجى الدفع حتى {day}. "
            "إذا كنتم قد سددتم، فيُرجى تجاهل هذه الرسالة."
        ),
    ),
    "second_reminder_text": (
        (
            "Despite our reminder we have not received your payment. Please pay the amount below "
            "by {day}."
        ),
        (
            "trotz unserer Erinnerung ist Ihre Zahlung noch nicht bei uns eingegangen. Bitte "
            "zahlen Sie den Betrag bis zum {day}."
        ),
        (
            "Malgré notre rappel, votre paiement ne nous est pas parvenu. Merci de régler le "
            "montant ci-dessous avant le {day}."
        ),
        "我们此前已提醒，但仍未收到您的付款。请于 {day} 前支付以下金额。",
        "على الرغم من تذكيرنا، لم تصلنا دفعتكم. يُرجى دفع المبلغ أدناه حتى {day}.",
    ),
    "last_reminder_text": (
        (
            "This is our last reminder. If we do not receive the amount below by {day}, we will "
            "have to take further steps."
        ),
        (
            "dies ist unsere letzte Mahnung. Geht der Betrag nicht bis zum {day} ein, müssen wir "
            "weitere Schritte einleiten."
        ),
        (
            "Ceci est notre dernier rappel. Sans règlement avant le {day}, nous serons contraints "
            "d'engager d'autres démarches."
        ),
        "这是最后一次提醒。如在 {day} 前仍未收到款项，我们将采取进一步措施。",
        "هذا تذكيرنا الأخير. إذا لم يصلنا المبلغ حتى {day} فسنضطر إلى اتخاذ إجراءات أخرى.",
    ),
    "salutation": (
        "Dear customer,",
        "Sehr geehrte Damen und Herren,",
        "Madame, Monsieur,",
        "尊敬的客户：",
        "السادة الكرام،",
    ),
    "regards": (
        "Kind regards",
        "Mit freundlichen Grüßen",
        "Cordialement",
        "此致",
        "مع أطيب التحيات",
    ),
    # The seller's particulars.
    "phone": ("Phone", "Telefon", "Tél.", "电话", "هاتف"),
    "tax_number": ("Tax no.", "Steuernr.", "N° fiscal", "税号", "الرقم الضريبي"),
    "vat_id": ("VAT no.", "USt-IdNr.", "N° TVA", "增值税号", "رقم ضريبة القيمة المضافة"),
}


def word(language: str, key: str, **values: str) -> str:
    """Return a word of the paper in `language` (ISO 639-1; one that is none of ours: English).

    Values keep their own direction inside a sentence that reads from the right.
    """
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    text = _WORDS[key][place]
    return text.format(**{name: isolated(value) for name, value in values.items()})


def keys() -> tuple[str, ...]:
    """Return the names of all words."""
    return tuple(_WORDS)
